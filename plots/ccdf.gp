load 'style.gp'
F=DATA.'/videos.csv'
set label 901 "{/:Bold A few videos get most of the views}"
set label 902 "share of videos with at least so many impressions, both axes logarithmic"
set rmargin at screen 0.96
stats F using (column('impressions')>0 ? column('impressions') : NaN) nooutput name 'V'
set logscale xy; set xlabel "impressions"; set format x '10^{%T}'; set format y '10^{%T}'
set xrange [1:V_max*1.5]; set yrange [0.5/V_records:1.3]
plot F using (column('impressions')>0 ? column('impressions') : NaN):(-1./V_records) smooth cumulative with lines lw 0 lc rgb '#ffffff', \
     '< cut -d, -f9 '.F.' | tail -n +2 | sort -rn | awk "{print \$1 \",\" NR}"' using (column(1)>0 ? column(1) : NaN):(column(2)/V_records) with lines lw 2.2 lc rgb COL[1]
