# Left a row a topic: the viewer's taste and what the platform believes of it. Right a row a
# video: the parts of its score, stacked to either side of 0.
W=1060; H=500
load 'style.gp'
top=112.; bottom=H-54.-FEET; middle=430.
array PARTS[4]=['similarity','popularity','exploration','re-ranking']
array PX[4]=[0,86,176,268]
set multiplot
unset grid; set grid xtics back lt 1 lc rgb faint lw 0.8; set border 0; unset ytics
PS=(TERM eq 'png') ? 1.5 : 0.95
set tmargin at screen py(top); set bmargin at screen py(bottom)
set lmargin at screen px(150); set rmargin at screen px(middle-60)
set xrange [-1:1]; set yrange [-TOPICS+0.5:0.5]
set xtics -1,0.5,1
set xlabel "cosine with the topic"
set label 1 "taste" at screen px(150),py(88) left textcolor rgb INK[1] font fs(0.98)
set label 2 "believed" at screen px(200),py(88) left textcolor rgb INK[2] font fs(0.98)
do for [t=1:TOPICS] { set label 30+t TOPIC[t] at graph 0,first 1-t right offset -0.8,0 textcolor rgb ink font fs(0.90) }
plot $INTERESTS using 2:(-$1):($3-$2):(0) with vectors nohead lw 2 lc rgb '#c4cad1', \
     '' using 2:(-$1) with points pt 7 ps PS lc rgb COL[1], \
     '' using 3:(-$1) with points pt 6 lw 1.6 ps PS lc rgb COL[2]
do for [t=1:TOPICS] { unset label 30+t }
unset label 901; unset label 902; unset label 903; unset label 1; unset label 2
set lmargin at screen px(middle+60); set rmargin at screen px(W-250)
set xrange [LOW*1.04:MOST*1.04]; set yrange [-ROWS+0.4:0.6]
set xtics autofreq
set xlabel "score"
do for [s=1:4] { set label 10+s PARTS[s] at screen px(middle+60+PX[s]),py(88) left textcolor rgb INK[s] font fs(0.98) front }
do for [g=1:ROWS] {
  set label 30+g ROW[g] at graph 0,first 1-g right offset -0.8,0 textcolor rgb ink font fs(0.90) front
  set label 60+g sprintf("{/:Bold %s}   %s",SUM[g],NOTE[g]) at graph 1,first 1-g left offset 0.8,0 textcolor rgb mute font fs(0.90) front }
set style fill solid 1 noborder
set arrow 1 from first 0,graph 0 to first 0,graph 1 nohead lw 1 lc rgb '#aab1b9' back
plot for [s=1:4] $BARS index s-1 using 1:(-$3):1:2:(-$3-0.31):(-$3+0.31) with boxxyerror fc rgb COL[s]
unset multiplot
