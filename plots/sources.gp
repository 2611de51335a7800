load 'style.gp'
F=DATA.'/series.csv'; N=6; YF="%.0f %%"; YT="%.0f %%"
set label 901 "{/:Bold Where impressions come from}"
set label 902 "share of the day's impressions by retrieval source"
array C[6]=['impressions_content','impressions_follow','impressions_trending','impressions_cold_start','impressions_explore','impressions_shared']
array L[6]=['content','follow','trending','cold start','explore','shared']
stats F using (column('day')) nooutput name 'T'
TR=(T_max>T_min) ? T_max : T_min+1
array LAST[6]; array POS[6]
share(i)=100.*column(C[i])/column('impressions')
YMAX=0
do for [i=1:N] { stats F using (share(i)) nooutput name 'V'; if (V_max>YMAX) { YMAX=V_max } }
do for [i=1:N] { stats F using (column('day')==T_max ? share(i) : NaN) nooutput name 'E'; LAST[i]=E_max; POS[i]=E_max }
GAP=YMAX*0.065
do for [k=1:80] { do for [i=1:N] { do for [j=1:N] { if (i!=j && (LAST[i]>LAST[j] || (LAST[i]==LAST[j] && i<j)) && POS[i]-POS[j]<GAP) { d=(GAP-(POS[i]-POS[j]))/2; POS[i]=POS[i]+d; POS[j]=POS[j]-d } } } }
LOW=0; do for [i=1:N] { if (POS[i]<LOW) { LOW=POS[i] } }
do for [i=1:N] { set label 10+i sprintf("%s  {/:Bold %.1f %%}",L[i],LAST[i]) at first TR+(TR-T_min)*0.015,POS[i]-LOW left textcolor rgb COL[i] font fs(0.95) front }
set xlabel "day"; set xrange [T_min:TR]; set yrange [0:YMAX*1.06]; set format y YT
plot for [i=1:N] F using (column('day')):(share(i)) with lines lw 2.2 lc rgb COL[i]
