# The look of every picture. gnuplot -e "TERM='svg';DATA='output/quickstart';OUT='x.svg'" activity.gp
# TERM: png (2x, for screens) | svg (for the report) | pdf (for paper)
if (!exists("DATA")) DATA='.'
if (!exists("W")) W=800
if (!exists("H")) H=460
if (!exists("TERM")) TERM='png'
if (!exists("FONT")) FONT='Inter'
if (!exists("NAME")) NAME='fig'
FS = (TERM eq 'png') ? 22 : (TERM eq 'svg') ? 13 : 11
if (TERM eq 'png') set terminal pngcairo size 2*W,2*H font sprintf("%s,%d",FONT,FS) linewidth 2 rounded enhanced background '#ffffff'
if (TERM eq 'svg') set terminal svg size W,H dynamic name NAME font sprintf("%s, Helvetica, Arial, sans-serif,%d",FONT,FS) linewidth 1 rounded enhanced background '#ffffff'
if (TERM eq 'pdf') set terminal pdfcairo size W/100.,H/100. font sprintf("%s,%d",FONT,FS) linewidth 1.2 rounded enhanced
if (exists("OUT")) set output OUT
set encoding utf8
set datafile separator ','
set datafile columnheaders
# Okabe-Ito: safe for the common colour-vision deficiencies
array COL[7]=['#0072B2','#D55E00','#009E73','#CC79A7','#E69F00','#56B4E9','#6b7280']
ink='#1f2328'; mute='#5f6873'; faint='#e4e7eb'
set format x '%g'; set format y '%g'
set border 1 lc rgb '#aab1b9' lw 0.8
set xtics nomirror out scale 0.45,0 textcolor rgb mute offset 0,0.2
set ytics nomirror scale 0 textcolor rgb mute offset 0.6,0
set grid ytics back lt 1 lc rgb faint lw 0.8
set xlabel textcolor rgb mute offset 0,0.4
set ylabel textcolor rgb mute offset 1.5,0
unset key
fs(k)=sprintf(",%.1f",FS*k)
set tmargin at screen 1-88./H; set bmargin at screen 0.13; set lmargin at screen 0.095; set rmargin at screen 0.80
set label 901 at screen 16./W,1-27./H left font fs(1.32) textcolor rgb ink front
set label 902 at screen 16./W,1-56./H left font fs(1.0) textcolor rgb mute front
# WARMUP (days) is shaded in time series when it is given.
if (!exists("WARMUP")) WARMUP=0
