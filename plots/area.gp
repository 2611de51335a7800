# Shares that add up to 100 %, stacked over days, with their names at the right end.
load 'style.gp'
set rmargin at screen px(W-PRIGHT-8); set lmargin at screen px(60)
set tmargin at screen py(90); set bmargin at screen py(H-54-FEET)
unset grid
set xrange [LOW:HIGH]; set yrange [0:1]
eval XTICS; eval YTICS
set xlabel 'day'
do for [i=1:LAYERS] { set label 10+i sprintf("%s  {/:Bold %s}",LABEL[i],VALUE[i]) at graph 1,first AT[i] left offset 0.9,0 textcolor rgb INK[HUE[i]] font fs(0.98) front }
if (WARM>LOW) {
  edge=(WARM<HIGH) ? WARM : HIGH
  set arrow 1 from first edge,graph 0 to first edge,graph 1 nohead lw 1 dt (6,5) lc rgb '#ffffff' front
  set label 2 "\342\200\271 warm-up" at first edge,graph 1.022 right font fs(0.85) textcolor rgb '#8b949e' front }
plot for [i=LAYERS:1:-1] $LAYERS using 1:(column(1+i)):(0) with filledcurves fs solid 1 noborder fc rgb COL[HUE[i]], \
     for [i=1:LAYERS-1] $LAYERS using 1:(column(1+i)) with lines lw 1 lc rgb '#ffffff'
