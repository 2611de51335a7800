# Small multiples: a row a run, a column a measure.
ROW=34.
W=1060; H=int(118+ROW*RUNS+34)
load 'style.gp'
left=180.; cell=(W-left-16.)/COLUMNS
top=112.; bottom=top+ROW*RUNS
set multiplot
unset grid; set border 0; unset xtics; unset ytics; unset xlabel
set yrange [-RUNS+0.5:0.5]
do for [r=1:RUNS] { set label 30+r RUN[r] at screen px(left-10),py(top+ROW*(r-0.5)) right textcolor rgb ink font fs(0.92) front }
do for [c=1:COLUMNS] {
  set label 600+c HEADING[c] at screen px(left+cell*(c-1)),py(92) left textcolor rgb ink font fs(0.95) front
  set label 700+c SCALE[c] at screen px(left+cell*(c-1)),py(bottom+16) left textcolor rgb mute font fs(0.82) front }
set style fill solid 1 noborder
do for [c=1:COLUMNS] {
  set tmargin at screen py(top); set bmargin at screen py(bottom)
  set lmargin at screen px(left+cell*(c-1)); set rmargin at screen px(left+cell*c-58)
  set xrange [0:LAST[c]]
  do for [r=1:RUNS] { set label 100+r value(sprintf("MEAN%d",c))[r] at graph 1,first 1-r left offset 0.6,0 textcolor rgb ink font fs(0.92) front }
  eval sprintf("plot for [r=1:RUNS] $C%d index r-1 using 1:3:4 with filledcurves fc rgb shade, for [r=1:RUNS] $C%d index r-1 using 1:2 with lines lw 1.6 lc rgb COL[1]",c,c)
  if (c==1) { do for [r=1:RUNS] { unset label 30+r }; do for [k=1:COLUMNS] { unset label 600+k; unset label 700+k }
    unset label 901; unset label 902; unset label 903 }
}
unset multiplot
