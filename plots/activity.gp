load 'style.gp'
F=DATA.'/series.csv'; N=4; YF="%.0f"; YT="%.0f"
array C[4]=['dau','active_videos','active_creators','posts']
array L[4]=['viewers a day','active videos','creators','videos a day']
set label 901 "{/:Bold Who is here}"
set label 902 "daily active viewers, catalogue, creators and posts"
load 'lines.gp'
