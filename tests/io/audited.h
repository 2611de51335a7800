/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables of a run small enough to be seen whole, whose books agree: one creator, two
 * viewers, an ad, a tip, a boost of which half came back; two days, of which the first has two
 * intervals. For the test and the fuzzer of the audit.
 */
#ifndef TESTS_IO_AUDITED_H
#define TESTS_IO_AUDITED_H

#define AUDITED_FILES 5

static const struct {
    const char *name, *text;
} audited[AUDITED_FILES] = {
    {"money.csv.zst",
     "window_ms,time_ms,stream,debit_account,credit_account,amount_micro,postings,act,channel,"
     "creator,viewer,video\n"
     "0,0,income,outside,viewers,1000,1,purse,,,0,\n"
     "0,0,income,outside,viewers,500,1,purse,,,7,\n"
     "0,600000,ads,advertisers,platform,30,3,shown,,65,,\n"
     "0,600000,ads,advertisers,creators,60,3,shown,,65,,\n"
     "43200000,43200500,tips,viewers,platform,40,1,paid,,65,7,12\n"
     "43200000,43200500,tips,viewers,creators,60,1,paid,,65,7,12\n"
     "43200000,43800000,promotion,creators,escrow,80,1,bought,paid_boost,65,,\n"
     "86400000,87000000,promotion,escrow,platform,40,2,shown,paid_boost,65,,\n"
     "86400000,87000000,promotion,escrow,creators,40,1,returned,paid_boost,65,,\n"
     "86400000,87000000,serving,platform,costs,7,1,streamed,,,,\n"},
    {"creators.csv", "creator,cohort,balance,income_ads,income_tips,spend_paid_boost\n"
                     "65,\"a, b\",0.000080,0.000060,0.000060,0.000040\n"},
    {"purses.csv.zst", "viewer,purse_micro\n7,400\n0,1000\n"},
    {"ledger.csv", "day,debit_account,credit_account,stream,amount_micro\n"
                   "0,advertisers,platform,ads,30\n0,advertisers,creators,ads,60\n"
                   "0,viewers,platform,tips,40\n0,viewers,creators,tips,60\n"
                   "0,creators,escrow,promotion,80\n0,outside,viewers,income,1500\n"
                   "1,escrow,platform,promotion,40\n1,escrow,creators,promotion,40\n"
                   "1,platform,costs,serving,7\n"},
    {"series.csv",
     "day,length_days,creator_income,platform_income,platform_profit,fees,refunds,payable,"
     "serving_cost,creator_fund,promotion_income,revenue_ads,revenue_tips\n"
     "0,0.5,0.00006,0.00003,0.00003,0,0,0,0,0,0,0.00009,0\n"
     "0.5,0.5,0.00006,0.00004,0.00004,0,0,0,0,0,0,0,0.0001\n"
     "1,1,0,0,-0.000007,0,0,0,0.000007,0,0.00004,0,0\n"},
};

#endif
