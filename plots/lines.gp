# Lines over days with their names at the right end, pushed apart. Needs F, N, C (column names),
# L (labels), YF (value format), all arrays of N; the y range is set from the data.
stats F using (column('day')) nooutput name 'T'
TL=T_max; TR=(TL>T_min) ? TL : T_min+1
array LAST[N]; array POS[N]; YMAX=0
do for [i=1:N] { stats F using (column(C[i])) nooutput name 'V'; if (V_records>0 && V_max>YMAX) { YMAX=V_max } }
if (YMAX<=0) { YMAX=1 }
do for [i=1:N] { LAST[i]=0; stats F using (column('day')==TL ? column(C[i]) : NaN) nooutput name 'E'; if (E_records>0) { LAST[i]=E_max }; POS[i]=LAST[i] }
GAP=YMAX*0.065
do for [k=1:80] { do for [i=1:N] { do for [j=1:N] { if (i!=j && (LAST[i]>LAST[j] || (LAST[i]==LAST[j] && i<j)) && POS[i]-POS[j]<GAP) { d=(GAP-(POS[i]-POS[j]))/2; POS[i]=POS[i]+d; POS[j]=POS[j]-d } } } }
LOW=0; do for [i=1:N] { if (POS[i]<LOW) { LOW=POS[i] } }
do for [i=1:N] { set label 10+i sprintf("%s  {/:Bold ".YF."}",L[i],LAST[i]) at first TR+(TR-T_min)*0.015,POS[i]-LOW left textcolor rgb COL[i] font fs(0.95) front }
if (WARMUP>T_min) { set object 1 rect from first T_min,graph 0 to first (WARMUP<TR ? WARMUP : TR),graph 1 fc rgb '#f3f4f6' fs solid noborder behind }
set xlabel "day"; set xrange [T_min:TR]; set yrange [0:YMAX*1.06]; set format y YT
plot for [i=1:N] F using (column('day')):(column(C[i])) with lines lw 2.2 lc rgb COL[i]
