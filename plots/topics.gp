# A row a topic: left what is made, shown and watched of it, right how good it is.
load 'style.gp'
top=112.; bottom=H-54.-FEET
set multiplot
unset grid; set grid xtics back lt 1 lc rgb faint lw 0.8; set border 0; unset ytics
set yrange [-TOPICS+0.5:0.5]
set tmargin at screen py(top); set bmargin at screen py(bottom)
set lmargin at screen px(LEFT); set rmargin at screen px(LEFT+(W-LEFT-16-24)*0.62)
set xrange [0:MOST*1.04]; eval XTICS
set xlabel "share of the total"
PS=(TERM eq 'png') ? 1.5 : 0.95
set label 1 "videos" at screen px(16),py(88) left textcolor rgb INK[7] font fs(0.98)
set label 2 "impressions" at screen px(76),py(88) left textcolor rgb INK[1] font fs(0.98)
set label 3 "watch time" at screen px(170),py(88) left textcolor rgb INK[2] font fs(0.98)
do for [t=1:TOPICS] { set label 30+t TOPIC[t] at graph 0,first 1-t right offset -0.8,0 textcolor rgb ink font fs(0.90) }
plot $ROWS using 2:(-$1):($3-$2):(0) with vectors nohead lw 2 lc rgb '#c4cad1', \
     '' using 2:(-$1) with points pt 6 lw 1.6 ps PS lc rgb COL[7], \
     '' using 4:(-$1) with points pt 7 ps PS*0.8 lc rgb COL[2], \
     '' using 3:(-$1) with points pt 7 ps PS lc rgb COL[1]
do for [t=1:TOPICS] { unset label 30+t }
unset label 901; unset label 902; unset label 903; unset label 1; unset label 2; unset label 3
set lmargin at screen px(LEFT+(W-LEFT-16-24)*0.62+24); set rmargin at screen px(W-16)
set xrange [QLOW:QHIGH]; eval QTICS
set xlabel "mean quality"
set label 4 "of videos" at screen px(LEFT+(W-LEFT-40)*0.62+24),py(88) left textcolor rgb INK[7] font fs(0.98)
set label 5 "of impressions" at screen px(LEFT+(W-LEFT-40)*0.62+104),py(88) left textcolor rgb INK[1] font fs(0.98)
plot $ROWS using 5:(-$1):($6-$5):(0) with vectors nohead lw 2 lc rgb '#c4cad1', \
     '' using 5:(-$1) with points pt 6 lw 1.6 ps PS lc rgb COL[7], \
     '' using 6:(-$1) with points pt 7 ps PS lc rgb COL[1]
unset multiplot
