# One to four panels of curves: time series, Lorenz curves, distributions, retention.
load 'style.gp'
head=(LEGEND ? 104 : 78)            # pixels above the panels
cellw=(W-16.)/COLUMNS; cellh=(H-FEET-1.*head)/ROWS
x=16.
if (LEGEND) { do for [c=1:PN[1]] { set label 800+c NAME[c] at screen px(x),py(86) left font fs(1.0) textcolor rgb INK[HUE[c]] front; x=x+22+7.6*strlen(NAME[c]) } }
headed(p)=(strlen(PTITLE[p])>0)
PS=(TERM eq 'png') ? 1.0 : 0.6      # size of points
set multiplot
do for [p=1:PANELS] {
  col=(p-1)%COLUMNS; row=(p-1)/COLUMNS
  x0=16+col*cellw; y0=head+row*cellh
  left=x0+PLEFT[p]; right=x0+cellw-PRIGHT[p]
  top=y0+(headed(p) ? 36 : 12); bottom=y0+cellh-54
  if (SQUARE) { side=(bottom-top<right-left) ? bottom-top : right-left; right=left+side; bottom=top+side }
  set lmargin at screen px(left); set rmargin at screen px(right)
  set tmargin at screen py(top); set bmargin at screen py(bottom)
  if (headed(p)) { set label 1 PTITLE[p] at screen px(x0),py(top-23) left font fs(1.0) textcolor rgb ink front } else { unset label 1 }
  if (PLOG[p]) { set logscale xy } else { unset logscale }
  set xrange [PLOW[p]:PHIGH[p]]; set yrange [PBOTTOM[p]:PTOP[p]]
  eval PXTICS[p]; eval PYTICS[p]
  set xlabel PXTITLE[p]
  if (PWARM[p]>PLOW[p]) {
    edge=(PWARM[p]<PHIGH[p]) ? PWARM[p] : PHIGH[p]
    set object 1 rect from first PLOW[p],graph 0 to first edge,graph 1 fc rgb shade fs solid noborder behind
    if (p==1 && (edge-PLOW[p])*(right-left)/(PHIGH[p]-PLOW[p])>66) { set label 2 "warm-up" at first PLOW[p],graph 0.04 left offset 0.6,0 font fs(0.85) textcolor rgb '#8b949e' front } else { unset label 2 }
  } else { unset object 1; unset label 2 }
  if (PDIAGONAL[p]) { set arrow 1 from graph 0,0 to graph 1,1 nohead lw 1 dt (6,5) lc rgb '#9aa1a9' back } else { unset arrow 1 }
  n=PN[p]
  do for [c=1:8] { unset label 10+c; unset label 20+c }
  do for [c=1:n] {
    i=PFIRST[p]+c-1; T=NAME[i]; V=VALUE[i]; A=AT[i]; K=HUE[i]
    if (LEGEND) { T='' }
    V=(strlen(V)>0) ? sprintf("{/:Bold %s}",V) : ''
    S=(strlen(T)>0 && strlen(V)>0) ? T.'  '.V : T.V
    if (PNAMES[p]==0) { set label 10+c S at first PHIGH[p],A left offset 0.9,0 textcolor rgb INK[K] font fs(0.98) front }
    y=1-(14.+21*(c-1))/(bottom-top)
    if (PNAMES[p]==1) { set label 10+c V at graph 0,y right offset 5.6,0 textcolor rgb INK[K] font fs(0.98) front
      set label 20+c T at graph 0,y left offset 6.4,0 textcolor rgb INK[K] font fs(0.98) front }
    if (PNAMES[p]==2) { set label 10+c S at graph 0.99,y right textcolor rgb INK[K] font fs(0.98) front } }
  if (PPOINTS[p]) { plot for [i=PFIRST[p]:PFIRST[p]+n-1] $CURVES index i-1 using 1:2 with linespoints lw 2.2 pt 7 ps PS lc rgb COL[HUE[i]] } else { plot for [i=PFIRST[p]:PFIRST[p]+n-1] $CURVES index i-1 using 1:2 with lines lw 2.2 lc rgb COL[HUE[i]] }
  unset label 901; unset label 902; unset label 903
  do for [c=1:8] { unset label 800+c }
}
unset multiplot
