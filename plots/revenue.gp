load 'style.gp'
F=DATA.'/series.csv'; N=3; YF="%.0f"; YT="%.0f"
array C[3]=['creator_income','platform_income','platform_profit']
array L[3]=['creators','platform','platform profit']
set label 901 "{/:Bold Who earns}"
set label 902 "currency a day: creators' income, the platform's share, and what is left after costs"
load 'lines.gp'
