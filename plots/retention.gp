load 'style.gp'
set label 901 "{/:Bold Who comes back}"
set label 902 "share of newcomers with a session on exactly that day of age"
set rmargin at screen 0.96
set xlabel "age in days"; set yrange [0:100]; set format y "%g %%"; set xrange [0:*]
T=sprintf("< awk -F, 'NR>1{n[$2]+=$3; r[$2]+=$4} END{print \"age,rate\"; for(a=0;a<=60;a++) if (n[a]) printf \"%%d,%%.3f\\n\",a,100*r[a]/n[a]}' '%s/retention.csv'",DATA)
plot T using 1:2 with linespoints pt 7 ps 0.5 lw 2.2 lc rgb COL[1]
