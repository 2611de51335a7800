/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cascades.h"

#include "base/memory.h"

#define NODES_MAX (UINT64_C(1) << 31)
#define SLOTS_LEAST 64

void cascades_free(struct cascades *self)
{
    pieces_free(&self->node);
    memory_free(self->slot);
    memory_free(self->closed);
    *self = (struct cascades){0};
}

/* ------------------------------------------------------------------------- looking nodes up */

/* Finaliser of MurmurHash3 over both numbers. */
static uint64_t hash_of(uint32_t video, uint32_t viewer)
{
    uint64_t h = (uint64_t)video << 32 | viewer;
    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

/* The slot of (video, viewer): its node's or the free one where it would go. */
static uint32_t *slot_of(const struct cascades *self, uint32_t video, uint32_t viewer)
{
    size_t at = (size_t)((hash_of(video, viewer) >> 32) * self->slots >> 32);
    for (; self->slot[at]; at = at + 1 < self->slots ? at + 1 : 0) {
        const struct tree_node *node = node_at(self, self->slot[at] - 1);
        if ((node->viewer & ~NODE_ROOT) == viewer && node->video == video) break;
    }
    return &self->slot[at];
}

static void fill_slots(struct cascades *self)
{
    for (size_t i = 0; i < self->slots; i++) self->slot[i] = 0;
    for (size_t i = 0; i < self->nodes; i++) {
        const struct tree_node *node = node_at(self, i);
        *slot_of(self, node->video, node->viewer & ~NODE_ROOT) = (uint32_t)i + 1;
    }
}

enum status cascades_reserve(struct cascades *self, size_t nodes)
{
    size_t need = self->nodes + nodes, least = need + need / 4;
    enum status status = pieces_reserve(&self->node, need, sizeof(struct tree_node));
    if (status || least <= self->slots) return status;
    size_t slots = least + need / 8 + SLOTS_LEAST;
    uint32_t *slot = memory_alloc(slots, sizeof(*slot));
    if (!slot) return STATUS_NO_MEMORY;
    memory_free(self->slot);
    self->slot = slot;
    self->slots = slots;
    fill_slots(self);
    return STATUS_OK;
}

size_t cascades_bytes(const struct cascades *self)
{
    return pieces_bytes(&self->node, sizeof(struct tree_node)) +
           self->slots * sizeof(*self->slot) + self->closed_room * sizeof(*self->closed);
}

/* Position of a node's root. */
static uint32_t root_of(const struct cascades *self, uint32_t i)
{
    const struct tree_node *node = node_at(self, i);
    return node_is_root(node) ? i : node->root;
}

/* The node of a viewer's share, or ENTITY_NONE. A number of a video that was given to another
 * one finds the old one's node: it is not the same video. */
static uint32_t find(const struct cascades *self, uint32_t video, uint32_t viewer,
                     uint32_t ordinal)
{
    uint32_t at = *slot_of(self, video, viewer);
    if (!at || node_at(self, root_of(self, at - 1))->ordinal != ordinal) return ENTITY_NONE;
    return at - 1;
}

static uint32_t seconds_of(sim_time when)
{
    sim_time seconds = (when + 999) / 1000;
    return seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
}

void cascades_add(struct cascades *self, const struct share_node *share, uint32_t ordinal,
                  sim_time when)
{
    uint32_t parent = ENTITY_NONE, *slot = slot_of(self, share->video, share->viewer);
    struct tree_node node = {.viewer = share->viewer, .video = share->video};
    require(self->nodes < pieces_rows(&self->node) && share->viewer < NODE_ROOT);
    if (find(self, share->video, share->viewer, ordinal) != ENTITY_NONE) return;
    if (share->parent != ENTITY_NONE) parent = find(self, share->video, share->parent, ordinal);
    if (parent == ENTITY_NONE) {
        node.viewer |= NODE_ROOT;
        node.ordinal = ordinal;
        node.last = seconds_of(when);
    } else {
        node.parent = parent;
        node.root = root_of(self, parent);
        node_at(self, node.root)->last = seconds_of(when);
    }
    *node_at(self, self->nodes) = node;
    *slot = (uint32_t)++self->nodes;
    self->shares++;
}

/* --------------------------------------------------------------------------- finished trees */

/* What a sweep works out, one element a node; those of a tree stand at its root. */
struct figures {
    uint32_t *depth, *below; /* from the root; nodes of the subtree, itself included */
    uint32_t *deepest;
    uint64_t *distance; /* sum of the distances of all pairs */
};

static enum status figures_init(struct figures *f, size_t nodes)
{
    f->depth = memory_alloc(nodes, sizeof(*f->depth));
    f->below = memory_alloc(nodes, sizeof(*f->below));
    f->deepest = memory_alloc(nodes, sizeof(*f->deepest));
    f->distance = memory_alloc(nodes, sizeof(*f->distance));
    return f->depth && f->below && f->deepest && f->distance ? STATUS_OK : STATUS_NO_MEMORY;
}

static void figures_free(struct figures *f)
{
    memory_free(f->depth);
    memory_free(f->below);
    memory_free(f->deepest);
    memory_free(f->distance);
}

/* A pair's path crosses the edge above a node when one of them lies below it and the other does
 * not: the edge counts below * (size - below) times (the Wiener index of a tree). Sizes are
 * known when every node has been added to the one above it. */
static void measure_trees(const struct cascades *self, struct figures *f)
{
    for (uint32_t i = 0; i < self->nodes; i++) {
        const struct tree_node *node = node_at(self, i);
        f->below[i] = 1;
        if (node_is_root(node)) continue;
        f->depth[i] = f->depth[node->parent] + 1;
        if (f->depth[i] > f->deepest[node->root]) f->deepest[node->root] = f->depth[i];
    }
    for (size_t i = self->nodes; i-- > 0;) {
        const struct tree_node *node = node_at(self, i);
        if (!node_is_root(node)) f->below[node->parent] += f->below[i];
    }
    for (size_t i = 0; i < self->nodes; i++) {
        const struct tree_node *node = node_at(self, i);
        if (!node_is_root(node))
            f->distance[node->root] += (uint64_t)f->below[i] *
                                       (f->below[node->root] - f->below[i]);
    }
}

static bool is_finished(const struct tree_node *root, const struct sweep *sweep)
{
    const struct world *world = sweep->world;
    const struct video_shard *videos = &world->videos[entity_shard(world->shards, root->video)];
    uint32_t row = entity_row(world->shards, root->video);
    return root->last * INT64_C(1000) <= sweep->before ||
           videos->counter[row].state != VIDEO_ACTIVE ||
           videos->counter[row].ordinal != root->ordinal;
}

static struct cascade cascade_of(const struct cascades *self, const struct figures *f, size_t i)
{
    const struct tree_node *root = node_at(self, i);
    double size = (double)f->below[i];
    double pairs = size * (size - 1) / 2;
    return (struct cascade){.root_video = root->video,
                            .root_ordinal = root->ordinal,
                            .depth = f->deepest[i],
                            .size = f->below[i],
                            .virality = pairs > 0 ? (double)f->distance[i] / pairs : 0};
}

/* Puts finished trees on the closed list and marks their roots by depth = 1. */
static enum status close_trees(struct cascades *self, struct figures *f,
                               const struct sweep *sweep)
{
    for (size_t i = 0; i < self->nodes; i++) {
        if (!node_is_root(node_at(self, i)) || !is_finished(node_at(self, i), sweep)) continue;
        f->depth[i] = 1;
        self->finished++;
        if (f->below[i] < sweep->least) continue;
        enum status status = memory_grow(&self->closed, &self->closed_room,
                                         self->closed_count + 1, sizeof(*self->closed));
        if (status) return status;
        self->closed[self->closed_count++] = cascade_of(self, f, i);
    }
    return STATUS_OK;
}

/* Closes the gaps. `below` is no longer needed: it says where a node has gone. */
static void compact(struct cascades *self, struct figures *f)
{
    uint32_t nodes = 0, *moved = f->below;
    for (uint32_t i = 0; i < self->nodes; i++) {
        struct tree_node node = *node_at(self, i);
        if (f->depth[root_of(self, i)] == 1) continue;
        if (!node_is_root(&node)) {
            node.parent = moved[node.parent];
            node.root = moved[node.root];
        }
        moved[i] = nodes;
        *node_at(self, nodes++) = node;
    }
    self->nodes = nodes;
}

enum status cascades_sweep(struct cascades *self, const struct sweep *sweep)
{
    struct figures f = {0};
    enum status status = STATUS_OK;
    if (!self->nodes) return STATUS_OK;
    status = figures_init(&f, self->nodes);
    if (status) goto out;
    measure_trees(self, &f);
    status = close_trees(self, &f, sweep);
    if (status) goto out;
    compact(self, &f);
    fill_slots(self);
out:
    figures_free(&f);
    return status;
}

/* --------------------------------------------------------------------------------- the state
 */

/* Roots are roots, parents lie before their children and in their tree. */
static bool is_sound(const struct cascades *self)
{
    for (uint32_t i = 0; i < self->nodes; i++) {
        const struct tree_node *node = node_at(self, i);
        if (node_is_root(node)) continue;
        if (node->parent >= i || root_of(self, node->parent) != node->root ||
            node_at(self, node->parent)->video != node->video)
            return false;
    }
    return true;
}

static void visit_sizes(struct cascades *self, struct visitor *v)
{
    uint64_t nodes = self->nodes;
    visit_count(v, "cascades.nodes", &nodes, NODES_MAX);
    if (v->status || !visit_loading(v)) return;
    self->nodes = 0;
    v->status = cascades_reserve(self, nodes);
    if (!v->status) self->nodes = nodes;
}

void cascades_visit(struct cascades *self, struct visitor *v)
{
    visit_sizes(self, v);
    if (v->status) return;
    VISIT_VALUE(v, "cascades.shares", self->shares);
    VISIT_VALUE(v, "cascades.finished", self->finished);
    struct tree_node *node = pieces_gather(&self->node, self->nodes, sizeof(*node));
    if (!node) {
        v->status = STATUS_NO_MEMORY;
        return;
    }
    VISIT_FIELD(v, "cascades.viewer", node, self->nodes, viewer);
    VISIT_FIELD(v, "cascades.video", node, self->nodes, video);
    VISIT_FIELD(v, "cascades.parent", node, self->nodes, parent); /* root: the ordinal */
    VISIT_FIELD(v, "cascades.root", node, self->nodes, root);     /* root: the last share */
    if (!v->status && visit_loading(v))
        pieces_scatter(&self->node, node, self->nodes, sizeof(*node));
    memory_free(node);
    if (v->status || !visit_loading(v)) return;
    if (is_sound(self))
        fill_slots(self);
    else
        v->status = STATUS_BAD_INPUT;
}
