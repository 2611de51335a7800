/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom orders of reach (world/boost.h) want: viewers with an interest in topic `topic`, or one
 * of those below.
 */
#ifndef WORLD_BOOST_TARGET_H
#define WORLD_BOOST_TARGET_H

#include <stdint.h>

#define BOOST_ANYONE UINT32_MAX
#define BOOST_NEW (UINT32_MAX - 1) /* of whom the platform knows nothing yet, though it may */

/* What a cohort of creators asks for (`creators.target`). */
enum boost_target { BOOST_AS_SET, BOOST_TO_ALL, BOOST_TO_TOPIC, BOOST_TO_NEW };

#endif
