load 'style.gp'
set label 901 "{/:Bold Exposure by topic}"
set label 902 "share of impressions (bars) and of videos (dots)"
set rmargin at screen 0.97; set lmargin at screen 0.16
T=sprintf("< awk -F, 'NR>1{n[$4]++; v[$4]+=$9; N++; V+=$9} END{print \"topic,views,videos\"; for(t in n) printf \"%%s,%%.4f,%%.4f\\n\",t,V?100*v[t]/V:0,100*n[t]/N}' '%s/videos.csv' | (read -r h; echo \"$h\"; sort -t, -k2,2 -n)",DATA)
set boxwidth 0.62; set style fill solid 0.85 noborder
set format x "%g %%"; set grid xtics back lt 1 lc rgb faint lw 0.8; unset grid
set ytics font fs(0.8); set xlabel "share"
set yrange [-0.7:*]; set xrange [0:*]
plot T using (column('views')*0.5):0:(column('views')*0.5):(0.31):ytic(1) with boxxyerror lc rgb COL[1], \
     T using (column('videos')):0 with points pt 7 ps 0.8 lc rgb COL[2]
