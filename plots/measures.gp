# Rows with names, in each a few measures one below the other: bars from zero, or points (POINTS),
# with their intervals.
load 'style.gp'
longest=0
do for [r=1:ROWS] { if (strlen(NAME[r])>longest) { longest=strlen(NAME[r]) } }
left=30+7.3*longest; if (left>W*0.5) { left=W*0.5 }
set lmargin at screen px(left); set rmargin at screen px(W-24)
set tmargin at screen py(104); set bmargin at screen py(H-54-FEET)
PS=(TERM eq 'png') ? 0.9 : 0.55
unset ytics; unset grid
set grid xtics back lt 1 lc rgb faint lw 0.8
set border 1
set xrange [LOW:HIGH]; set yrange [-ROWS:0]
eval XTICS
do for [r=1:ROWS] { set label 10+r NAME[r] at screen px(left-10),first 0.5-r right font fs(0.92) textcolor rgb ink front }
x=16.
do for [m=1:MEASURES] { set label 100+m MEASURE[m] at screen px(x),py(80) left textcolor rgb INK[m] font fs(0.98) front; x=x+34+7.6*strlen(MEASURE[m]) }
if (LOW<0 && HIGH>0) { set arrow 1 from 0,graph 0 to 0,graph 1 nohead lw 1.2 lc rgb mute back }
set style fill solid 0.85 noborder
HALF=0.34/MEASURES
if (POINTS) {
  plot for [m=1:MEASURES] $VALUES index m-1 using 3:(-$1):($4-$3):(0) with vectors nohead lw 3 lc rgb '#9ec9e6', \
       for [m=1:MEASURES] $VALUES index m-1 using 2:(-$1) with points pt 7 ps PS lc rgb COL[m]
} else {
  plot for [m=1:MEASURES] $VALUES index m-1 using 2:(-$1):(0<$2?0:$2):(0<$2?$2:0):(-$1-HALF):(-$1+HALF) with boxxyerror fc rgb COL[m], \
       for [m=1:MEASURES] $VALUES index m-1 using 3:(-$1):($4-$3):(0) with vectors nohead lw 1.6 lc rgb ink
}
