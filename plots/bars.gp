# Stacked horizontal bars, a row a group, with a sentence behind each.
load 'style.gp'
set lmargin at screen px(LEFT); set rmargin at screen px(W-345)
set tmargin at screen py(112); set bmargin at screen py(H-54-FEET)
unset grid; unset ytics
set border 0
set xrange [0:MOST*1.02]; set yrange [-GROUPS+0.4:0.6]
eval XTICS
set xlabel XTITLE
x=16.
do for [s=1:PARTS] { set label 10+s PART[s] at screen px(x),py(88) left textcolor rgb INK[s] font fs(0.98) front; x=x+PWIDTH[s] }
do for [g=1:GROUPS] {
  set label 30+g GROUP[g] at first 0,1-g right offset -0.8,0 textcolor rgb ink font fs(0.98) front
  set label 60+g sprintf("{/:Bold %s}   %s",MEAN[g],WORDS[g]) at first TOTAL[g],1-g left offset 0.8,0 textcolor rgb mute font fs(0.92) front }
set style fill solid 1 noborder
plot for [s=1:PARTS] $BARS index s-1 using 1:(1-$3):1:2:(1-$3-0.31):(1-$3+0.31) with boxxyerror fc rgb COL[s]
