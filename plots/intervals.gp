# A row a recommender, a panel a metric: a point and its interval.
load 'style.gp'
COLUMNS=3; ROWS=2
head=84.; cellw=(W-16.)/COLUMNS; cellh=(H-FEET-head)/ROWS
PS=(TERM eq 'png') ? 0.9 : 0.55
set multiplot
unset ytics
set border 1
do for [p=1:PANELS] {
  col=(p-1)%COLUMNS; row=(p-1)/COLUMNS
  x0=16+col*cellw; y0=head+row*cellh
  set lmargin at screen px(x0+96); set rmargin at screen px(x0+cellw-20)
  set tmargin at screen py(y0+30); set bmargin at screen py(y0+cellh-40)
  set label 1 PTITLE[p] at screen px(x0),py(y0+12) left font fs(1.0) textcolor rgb ink front
  set xrange [PLOW[p]:PHIGH[p]]; set yrange [-GROUPS-0.5:-0.5]
  eval PTICS[p]
  do for [g=1:GROUPS] { set label 100+g GROUP[g] at screen px(x0+88),first -g right font fs(0.92) textcolor rgb ink front }
  if (PEMPTY[p]) { set label 2 "no predicted values" at graph 0.5,0.5 center font fs(0.92) textcolor rgb mute front } else { unset label 2 }
  plot $POINTS index p-1 using 3:(-$1):($4-$3):(0) with vectors nohead lw 3 lc rgb '#9ec9e6', \
       $POINTS index p-1 using 2:(-$1) with points pt 7 ps PS lc rgb COL[1]
  unset label 901; unset label 902; unset label 903
}
unset multiplot
