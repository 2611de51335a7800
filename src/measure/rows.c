/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/rows.h"

static const char *const files[] = {
#define TABLE_FILE(id, file, what) file,
    TABLE_LIST(TABLE_FILE)
#undef TABLE_FILE
};

static const char *const meanings[] = {
#define TABLE_MEANING(id, file, what) what,
    TABLE_LIST(TABLE_MEANING)
#undef TABLE_MEANING
};

const char *table_file(enum table_id table) { return table < TABLES ? files[table] : ""; }
const char *table_meaning(enum table_id table) { return table < TABLES ? meanings[table] : ""; }
