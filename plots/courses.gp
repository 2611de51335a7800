# A panel an arm: its difference to the baseline over the days, in the band of its interval.
load 'style.gp'
head=84.; cellw=(W-24.)/COLUMNS; cellh=(H-FEET-head)/ROWS
set multiplot
set xrange [LOW:HIGH]; set yrange [BOTTOM:TOP]
eval XTICS; eval YTICS
if (WARM>LOW) { set object 1 rect from first LOW,graph 0 to first (WARM<HIGH?WARM:HIGH),graph 1 fc rgb shade fs solid noborder behind }
do for [p=1:PANELS] {
  col=(p-1)%COLUMNS; row=(p-1)/COLUMNS
  x0=16+col*cellw; y0=head+row*cellh
  set lmargin at screen px(x0+58); set rmargin at screen px(x0+cellw-12)
  set tmargin at screen py(y0+28); set bmargin at screen py(y0+cellh-56)
  set label 1 NAME[p] at screen px(x0),py(y0+10) left font fs(1.0) textcolor rgb INK[1+(p-1)%7] front
  set xlabel (row==ROWS-1 || p+COLUMNS>PANELS) ? 'day' : ''
  set arrow 1 from graph 0,first 0 to graph 1,first 0 nohead lw 1.2 lc rgb mute back
  plot $COURSES index p-1 using 1:3:4 with filledcurves fc rgb COL[1+(p-1)%7] fs transparent solid 0.22 noborder, \
       $COURSES index p-1 using 1:2 with lines lw 2.2 lc rgb COL[1+(p-1)%7]
  unset label 901; unset label 902; unset label 903
}
unset multiplot
