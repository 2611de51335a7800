/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/ledger.h"

#include "engine/post.h"

#define PARTS_MAX 8
#define WEIGHT_BITS 53
#define WEIGHT_ONE (UINT64_C(1) << WEIGHT_BITS)

__extension__ typedef unsigned __int128 wide; /* an amount times a weight: 63 + 53 bits */

/* Shares in units of 2^-53, which sum to one exactly: the first takes what the others leave.
 * Shares that exceed one by their rounding are cut at the largest. */
static void weigh(const double *shares, int n, uint64_t *weight)
{
    uint64_t sum = 0;
    int largest = n - 1;
    for (int i = 1; i < n; i++) {
        require(shares[i] >= 0 && shares[i] <= 1);
        weight[i] = (uint64_t)(shares[i] * (double)WEIGHT_ONE);
        if (weight[i] > weight[largest]) largest = i;
        sum += weight[i];
    }
    if (sum > WEIGHT_ONE) {
        uint64_t excess = sum - WEIGHT_ONE;
        require(excess < WEIGHT_ONE >> 40);
        weight[largest] -= excess;
        sum = WEIGHT_ONE;
    }
    weight[0] = WEIGHT_ONE - sum;
}

void ledger_split(int64_t amount, const double *shares, int n, int64_t *parts)
{
    uint64_t weight[PARTS_MAX] = {0}, remainder[PARTS_MAX] = {0};
    int64_t left = amount;
    require(amount >= 0 && n >= 1 && n <= PARTS_MAX);
    weigh(shares, n, weight);
    for (int i = 0; i < n; i++) {
        wide product = (wide)(uint64_t)amount * weight[i];
        parts[i] = (int64_t)(uint64_t)(product >> WEIGHT_BITS);
        remainder[i] = (uint64_t)product & (WEIGHT_ONE - 1);
        left -= parts[i];
    }
    while (left > 0) { /* at most n - 1 units: the remainders sum to as many wholes */
        int most = 0;
        for (int i = 1; i < n; i++)
            if (remainder[i] > remainder[most]) most = i;
        parts[most]++;
        remainder[most] = 0;
        left--;
    }
}

int64_t ledger_balance(const struct book *const *books, uint32_t n, enum ledger_account account)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += books[i]->balance[account];
    return sum;
}

const char *ledger_account_name(enum ledger_account account)
{
    static const char *const names[LEDGER_ACCOUNTS] = {
#define LEDGER_ACCOUNT_TEXT(name, text) text,
        LEDGER_ACCOUNT_LIST(LEDGER_ACCOUNT_TEXT)
#undef LEDGER_ACCOUNT_TEXT
    };
    require((int)account >= 0 && account < LEDGER_ACCOUNTS);
    return names[account];
}

void book_tell(struct book *self, uint32_t shard, struct post *post)
{
    post_bytes(post, shard, self->balance, sizeof self->balance);
    post_bytes(post, shard, self->day, sizeof self->day);
}

void book_visit(struct book *self, struct visitor *v)
{
    visit_money(v, "book.balance", self->balance, sizeof(int64_t), sizeof(int64_t),
                LEDGER_ACCOUNTS);
    visit_money(v, "book.day", self->day, sizeof(int64_t), sizeof(int64_t),
                sizeof(self->day) / sizeof(int64_t));
}
