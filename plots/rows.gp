# Rows with names: the points of an arm on its interval (KIND 0), or bars around a middle (KIND 1).
load 'style.gp'
longest=0
do for [r=1:ROWS] { if (strlen(NAME[r])>longest) { longest=strlen(NAME[r]) } }
left=30+7.3*longest; if (left>W*0.45) { left=W*0.45 }
set lmargin at screen px(left); set rmargin at screen px(W-24)
set tmargin at screen py(84); set bmargin at screen py(H-54-FEET)
PS=(TERM eq 'png') ? 0.8 : 0.5
unset ytics; unset grid
set grid xtics back lt 1 lc rgb faint lw 0.8
set border 1
set xrange [LOW:HIGH]; set yrange [-ROWS-0.6:-0.4]
eval XTICS
do for [r=1:ROWS] { set label 10+r NAME[r] at screen px(left-10),first -r right font fs(0.92) textcolor rgb ink front }
if (LOW<0 && HIGH>0) { set arrow 1 from 0,graph 0 to 0,graph 1 nohead lw 1.2 lc rgb mute back }
set style fill transparent solid 0.35 noborder
if (KIND==0) {
  plot $ROWS using 2:(-$1):3:4:(-$1-0.32):(-$1+0.32) with boxxyerror fc rgb COL[6], \
       $POINTS using 2:(-$1) with points pt 7 ps PS lc rgb COL[1], \
       $ROWS using 2:(-$1-0.32):(0):(0.64) with vectors nohead lw 3 lc rgb COL[2]
} else {
  set style fill solid 0.9 noborder
  if (MIDDLE>LOW && MIDDLE<HIGH) { set arrow 2 from MIDDLE,graph 0 to MIDDLE,graph 1 nohead dt (4,4) lw 1.2 lc rgb mute back }
  plot $ROWS using (MIDDLE):(-$1):(MIDDLE<$2?MIDDLE:$2):(MIDDLE<$2?$2:MIDDLE):(-$1-0.02):(-$1+0.34) with boxxyerror fc rgb COL[5], \
       $ROWS using (MIDDLE):(-$1):(MIDDLE<$3?MIDDLE:$3):(MIDDLE<$3?$3:MIDDLE):(-$1-0.34):(-$1+0.02) with boxxyerror fc rgb COL[1]
}
