load 'style.gp'
F=DATA.'/cohorts.csv'
set label 901 "{/:Bold Creator cohorts}"
set label 902 "impressions of their videos a day"
set rmargin at screen 0.80
NAMES=system("awk -F, 'NR>1 && !s[$2]++ {print $2}' '".F."'")
N=words(NAMES); N=(N>7)?7:N
stats F using (column('day')) nooutput name 'T'
stats F using (column('impressions')) nooutput name 'V'
TR=(T_max>T_min) ? T_max : T_min+1
set xlabel "day"; set xrange [T_min:TR]; set yrange [0:(V_max>0?V_max*1.06:1)]; set format y "%.0f"
do for [i=1:N] { set label 10+i word(NAMES,i) at screen 0.81,screen 0.80-0.06*i left textcolor rgb COL[i] font fs(0.95) front }
plot for [i=1:N] F using (strcol('cohort') eq word(NAMES,i) ? column('day') : NaN):(column('impressions')) with lines lw 2.2 lc rgb COL[i]
