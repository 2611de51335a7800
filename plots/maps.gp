# Panels of two axes each, coloured by a figure: cells of a grid, or dots (DOTS). Red: the highest;
# orange, broken: those that cannot be told from it. One scale for all panels
# (SHARED) or one for each.
load 'style.gp'
set palette defined (0 '#eef5fb', 0.25 '#b9d6ee', 0.5 '#63a8d8', 0.75 '#1f6fb2', 1 '#08306b')
if (DOTS) { set palette defined (0 '#b9cfe2', 0.35 '#7fb6de', 0.7 '#1f6fb2', 1 '#08306b') }
head=(SHARED) ? 112. : 74.
cellw=(W-16.)/COLUMNS; cellh=(H-FEET-head)/ROWS
PS=(TERM eq 'png') ? 1.9 : 1.1
set multiplot
unset grid; set border 0; unset key
set xrange [0:1]; set yrange [0:1]
if (DOTS) { set xrange [-0.04:1.04]; set yrange [-0.04:1.04]; set border 3 lc rgb '#aab1b9' }
eval XTICS; eval YTICS
if (TURNED) { set xtics rotate by 30 right }
unset cbtics
do for [p=1:PANELS] {
  col=(p-1)%COLUMNS; row=(p-1)/COLUMNS
  x0=16+col*cellw; y0=head+row*cellh
  set lmargin at screen px(x0+LEFT); set rmargin at screen px(x0+cellw-18)
  top=y0+(SHARED ? 50 : 74)
  set tmargin at screen py(top); set bmargin at screen py(y0+cellh-BOTTOM)
  set label 1 PTITLE[p] at screen px(x0),py(y0+10) left font fs(1.0) textcolor rgb ink front
  set label 2 (col==0 ? YTITLE : '') at screen px(x0),py(top-16) left font fs(0.92) textcolor rgb mute front
  set xlabel (p+COLUMNS>PANELS) ? XTITLE : '' offset 0,(TURNED ? 0 : 0.5)
  set cbrange [CLOW[p]:CHIGH[p]]
  unset colorbox
  if (!SHARED || p==1) {
    by=(SHARED) ? 92 : y0+32
    set label 3 CFROM[p] at screen px(x0),py(by) left font fs(0.92) textcolor rgb ink front
    set label 4 CTO[p] at screen px(x0+CWIDTH[p]+178),py(by) left font fs(0.92) textcolor rgb ink front
    set colorbox horizontal user origin screen px(x0+CWIDTH[p]+8),py(by+6) size screen 160./W,12./H noborder }
  if (DOTS) {
    plot $CELLS index p-1 using 1:2:3 with points pt 7 ps PS lc palette, \
         $ALIKE index p-1 using 1:2 with points pt 6 ps 1.6*PS lw 1.6 lc rgb COL[5], \
         $BEST index p-1 using 1:2 with points pt 6 ps 2.2*PS lw 2.4 lc rgb COL[2]
  } else {
    plot $CELLS index p-1 using 1:2:(DX*0.98):(DY*0.98):3 with boxxyerror fs solid 1 noborder fc palette, \
         $LIGHT index p-1 using 1:2:3 with labels font fs(0.92) textcolor rgb ink, \
         $DARK index p-1 using 1:2:3 with labels font fs(0.92) textcolor rgb '#ffffff', \
         $ALIKE index p-1 using 1:2:(DX*0.88):(DY*0.84) with boxxyerror lc rgb COL[5] dt (5,4) lw 1.8 fs empty border lc rgb COL[5], \
         $BEST index p-1 using 1:2:(DX*0.9):(DY*0.88) with boxxyerror lc rgb COL[2] lw 3 fs empty border lc rgb COL[2]
  }
  unset label 3; unset label 4
  unset label 901; unset label 902; unset label 903
}
unset multiplot
