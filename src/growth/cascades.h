/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The trees of shares of one shard's videos.
 *
 * A node is a viewer who shared a video; its parent is the viewer whose share brought it. A
 * viewer who shares a video again stays one node, a share whose parent is not known any more is
 * a root. Nodes lie in the order in which they came, so a parent always lies before its
 * children: depths are one pass forward, sizes of subtrees one pass backward. Most shares stay
 * alone, so a root is its own tree: 16 bytes a node and 5 for looking it up.
 */
#ifndef GROWTH_CASCADES_H
#define GROWTH_CASCADES_H

#include "base/pieces.h"
#include "growth/growth.h"

#define NODE_ROOT (UINT32_C(1) << 31) /* in `viewer`, whose numbers are below it */

struct tree_node {
    uint32_t viewer; /* number, and NODE_ROOT */
    uint32_t video;  /* number; another video may have it by now */
    union {
        uint32_t parent;  /* position of the node above */
        uint32_t ordinal; /* root: of the video's birth in its shard, which no other has */
    };
    union {
        uint32_t root; /* position of the tree's root */
        uint32_t last; /* root: when the tree grew last, in seconds, rounded up */
    };
};
_Static_assert(sizeof(struct tree_node) == 16, "a share takes 16 bytes");
_Static_assert(RELATION_OTHER_LAST < NODE_ROOT, "a viewer's number leaves the bit free");

static inline bool node_is_root(const struct tree_node *node)
{
    return (node->viewer & NODE_ROOT) != 0;
}

struct cascades {
    struct pieces node;
    uint32_t *slot; /* owned; position of a node + 1, by (video, viewer); 0 = free */
    size_t nodes;
    size_t slots;           /* at least 1.25 times the nodes; 0 before the first */
    struct cascade *closed; /* owned; finished in the last sweep, not yet handed out */
    size_t closed_count, closed_room;
    uint64_t shares, finished; /* since the start */
};

static inline struct tree_node *node_at(const struct cascades *self, size_t i)
{
    return pieces_at(&self->node, i, sizeof(struct tree_node));
}

void cascades_free(struct cascades *self);
/* Memory held, in bytes. */
size_t cascades_bytes(const struct cascades *self);
/* Room for so many more nodes. */
enum status cascades_reserve(struct cascades *self, size_t nodes) MUST_CHECK;
/* Adds a share made by `when` of the video with that ordinal of birth. Room must be there. */
void cascades_add(struct cascades *self, const struct share_node *share, uint32_t ordinal,
                  sim_time when);
/* Which trees are finished: those silent since `before` and those of videos that left. */
struct sweep {
    const struct world *world;
    sim_time before;
    uint64_t least; /* smaller ones are counted, but not put on the closed list */
};
/* Moves finished trees to the closed list, in the order of their roots; allocates, so only at
 * the close. */
enum status cascades_sweep(struct cascades *self, const struct sweep *sweep) MUST_CHECK;
void cascades_visit(struct cascades *self, struct visitor *v);

#endif
