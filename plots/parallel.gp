# A line a point through its values on every axis, the figure last; coloured by the figure.
load 'style.gp'
set palette defined (0 '#cfe0ef', 0.35 '#7fb6de', 0.7 '#1f6fb2', 1 '#08306b')
set lmargin at screen px(LEFT); set rmargin at screen px(W-RIGHT)
set tmargin at screen py(TOP); set bmargin at screen py(H-FEET-24)
unset grid; set border 0; unset xtics; unset ytics; unset colorbox
set xrange [0:AXES-1]; set yrange [0:1]; set cbrange [CLOW:CHIGH]
set style textbox opaque noborder fillcolor rgb '#ffffff' margins 0.4,0.2
do for [a=1:AXES] {
  set arrow a from first a-1,graph 0 to first a-1,graph 1 nohead lw 1 lc rgb '#aab1b9' front
  set label 100+a NAME[a] at first a-1,graph 1.02 left rotate by 25 font fs(0.92) textcolor rgb (a==AXES ? INK[1] : ink) front }
plot $LINES using 1:2:3 with lines lw 1.1 lc palette, \
     $BEST using 1:2 with lines lw 3 lc rgb COL[2], \
     $TICS using 1:2:3 with labels right boxed offset -0.4,0 font fs(0.82) textcolor rgb mute
