# The look of every picture. The program writes titles, ranges, tics, labels and data in front
# (src/io/pictures/chart.c); TERM is png (2x, for screens), svg (for the report) or pdf (paper).
if (!exists("W")) W=800
if (!exists("H")) H=460
if (!exists("FOOT")) FOOT=''
FEET=(strlen(FOOT)>0) ? 16 : 0         # room for it, below everything
H=H+FEET
if (!exists("TERM")) TERM='png'
if (!exists("FONT")) FONT='Inter'
if (!exists("FIGURE")) FIGURE='figure'
if (!exists("ZOOM")) ZOOM=2             # pixels of a PNG for one of the layout
FS = (TERM eq 'png') ? 11.*ZOOM : (TERM eq 'svg') ? 13 : 11
if (TERM eq 'png') set terminal pngcairo size ZOOM*W,ZOOM*H font sprintf("%s,%.1f",FONT,FS) linewidth ZOOM rounded enhanced background '#ffffff'
if (TERM eq 'svg') set terminal svg size W,H dynamic name FIGURE font sprintf("%s, Helvetica, Arial, sans-serif,%d",FONT,FS) linewidth 1 rounded enhanced background '#ffffff'
if (TERM eq 'pdf') set terminal pdfcairo size W/100.,H/100. font sprintf("%s,%d",FONT,FS) linewidth 1.2 rounded enhanced
set encoding utf8
# Okabe-Ito: safe for the common colour-vision deficiencies. Words in the light ones are darker,
# or nobody could read them from the back row.
array COL[8]=['#0072B2','#D55E00','#009E73','#CC79A7','#E69F00','#56B4E9','#6b7280','#000000']
array INK[8]=['#0072B2','#C25500','#007F5C','#A8497F','#9A6A00','#2A7DB0','#5f6873','#000000']
ink='#1f2328'; mute='#5f6873'; faint='#e4e7eb'; shade='#f1f3f5'
set format x '%g'; set format y '%g'
set border 1 lc rgb '#aab1b9' lw 0.8
set xtics nomirror out scale 0.45,0 textcolor rgb mute offset 0,0.2
set ytics nomirror scale 0 textcolor rgb mute offset 0.6,0
set grid ytics back lt 1 lc rgb faint lw 0.8
set xlabel textcolor rgb mute offset 0,0.5
unset key
fs(k)=sprintf(",%.1f",FS*k)
px(x)=x/(1.*W); py(y)=1-y/(1.*H)         # pixels from the left and from the top
set label 901 sprintf("{/:Bold %s}",TITLE) at screen px(16),py(27) left font fs(1.32) textcolor rgb ink front
set label 902 SUBTITLE at screen px(16),py(56) left font fs(1.0) textcolor rgb mute front
set label 903 FOOT at screen px(W-12),py(H-10) right font fs(0.72) textcolor rgb '#8b949e' front
