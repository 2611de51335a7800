load 'style.gp'
set label 901 "{/:Bold Inequality of views}"
set label 902 "share of all impressions that the least seen videos and creators hold (Lorenz curve)"
set rmargin at screen 0.80
set xrange [0:100]; set yrange [0:100]; set format x "%g %%"; set format y "%g %%"
set xlabel "videos or creators, least seen first"
lorenz(file,col)=sprintf("< awk -F, 'NR>1{print $%d}' '%s/%s' | sort -n | awk '{s+=$1; v[NR]=s} END{print \"x,y\"; print \"0,0\"; for(i=1;i<=NR;i++) if (i%%int(NR/400+1)==0||i==NR) printf \"%%.5f,%%.5f\\n\",100*i/NR,s?100*v[i]/s:0}'",col,DATA,file)
set label 11 "equal shares" at first 101.5,98 left textcolor rgb COL[7] font fs(0.95)
set label 12 "videos" at first 101.5,90 left textcolor rgb COL[1] font fs(0.95)
set label 13 "creators" at first 101.5,82 left textcolor rgb COL[2] font fs(0.95)
plot [0:100] x with lines lw 1 dt 2 lc rgb COL[7], \
     lorenz('videos.csv',9) using 1:2 with lines lw 2.2 lc rgb COL[1], \
     lorenz('creators.csv',8) using 1:2 with lines lw 2.2 lc rgb COL[2]
