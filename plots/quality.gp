load 'style.gp'
F=DATA.'/series.csv'; N=4; YF="%.2f"; YT="%.1f"
array C[4]=['ndcg_true','topic_entropy','gini_views','homogenisation']
array L[4]=['NDCG','topic entropy','Gini of views','homogenisation']
set label 901 "{/:Bold What the feed does}"
set label 902 "ranking against the truth, diversity of exposure, inequality of views, overlap of histories"
load 'lines.gp'
