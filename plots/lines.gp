# Panels of one axis each: a line through its points in the band of their intervals; over words
# (WORDS) points on their intervals.
load 'style.gp'
head=78.; cellw=(W-16.)/COLUMNS; cellh=(H-FEET-head)/ROWS
PS=(TERM eq 'png') ? 0.9 : 0.55
set multiplot
set xrange [-0.04:1.04]
if (WORDS) { set xrange [-0.12:1.12] }
eval XTICS
if (TURNED) { set xtics rotate by 30 right }
do for [p=1:PANELS] {
  col=(p-1)%COLUMNS; row=(p-1)/COLUMNS
  x0=16+col*cellw; y0=head+row*cellh
  set lmargin at screen px(x0+62); set rmargin at screen px(x0+cellw-16)
  set tmargin at screen py(y0+30); set bmargin at screen py(y0+cellh-BOTTOM)
  set label 1 PTITLE[p] at screen px(x0),py(y0+12) left font fs(1.0) textcolor rgb ink front
  set yrange [PLOW[p]:PHIGH[p]]
  eval PTICS[p]
  set xlabel (p+COLUMNS>PANELS) ? XTITLE : '' offset 0,(TURNED ? 0 : 0.5)
  if (WORDS) {
    plot $POINTS index p-1 using 1:3:(0):($4-$3) with vectors nohead lw 4 lc rgb '#9ec9e6', \
         $POINTS index p-1 using 1:2 with points pt 7 ps 1.6*PS lc rgb COL[1], \
         $BEST index p-1 using 1:2 with points pt 6 ps 3*PS lw 2 lc rgb COL[2]
  } else {
    plot $POINTS index p-1 using 1:3:4 with filledcurves fc rgb COL[1] fs transparent solid 0.18 noborder, \
         $POINTS index p-1 using 1:2 with linespoints lw 2.2 pt 7 ps PS lc rgb COL[1], \
         $BEST index p-1 using 1:2 with points pt 6 ps 3*PS lw 2 lc rgb COL[2]
  }
  unset label 901; unset label 902; unset label 903
}
unset multiplot
