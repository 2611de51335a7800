/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cascades.h"

#include "base/memory.h"

#define NODES_MAX (UINT64_C(1) << 31)
#define SLOTS_LEAST 64

void cascades_free(struct cascades *self)
{
    pieces_free(&self->tree);
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
        if (node->viewer == viewer && tree_at(self, node->tree)->video == video) break;
    }
    return &self->slot[at];
}

static void fill_slots(struct cascades *self)
{
    for (size_t i = 0; i < self->slots; i++) self->slot[i] = 0;
    for (size_t i = 0; i < self->nodes; i++) {
        const struct tree_node *node = node_at(self, i);
        *slot_of(self, tree_at(self, node->tree)->video, node->viewer) = (uint32_t)i + 1;
    }
}

enum status cascades_reserve(struct cascades *self, size_t nodes)
{
    size_t need = self->nodes + nodes, least = need + need / 2;
    enum status status = pieces_reserve(&self->node, need, sizeof(struct tree_node));
    if (!status) status = pieces_reserve(&self->tree, self->trees + nodes, sizeof(struct tree));
    if (status || least <= self->slots) return status;
    size_t slots = least + need / 4 + SLOTS_LEAST;
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
           pieces_bytes(&self->tree, sizeof(struct tree)) + self->slots * sizeof(*self->slot) +
           self->closed_room * sizeof(*self->closed);
}

/* The node of a viewer's share, or ENTITY_NONE. A number of a video that was given to another
 * one finds the old one's node: it is not the same video. */
static uint32_t find(const struct cascades *self, uint32_t video, uint32_t viewer,
                     uint32_t ordinal)
{
    uint32_t at = *slot_of(self, video, viewer);
    if (!at || tree_at(self, node_at(self, at - 1)->tree)->ordinal != ordinal)
        return ENTITY_NONE;
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
    uint32_t parent = ENTITY_NONE, tree;
    require(self->nodes < pieces_rows(&self->node) && self->trees < pieces_rows(&self->tree));
    if (find(self, share->video, share->viewer, ordinal) != ENTITY_NONE) return;
    if (share->parent != ENTITY_NONE) parent = find(self, share->video, share->parent, ordinal);
    if (parent == ENTITY_NONE) {
        tree = (uint32_t)self->trees++;
        *tree_at(self, tree) = (struct tree){.video = share->video, .ordinal = ordinal};
    } else {
        tree = node_at(self, parent)->tree;
    }
    uint32_t *slot = slot_of(self, share->video, share->viewer);
    *node_at(self, self->nodes) = (struct tree_node){share->viewer, parent, tree};
    tree_at(self, tree)->size++;
    tree_at(self, tree)->last = seconds_of(when);
    *slot = (uint32_t)++self->nodes;
    self->shares++;
}

/* --------------------------------------------------------------------------- finished trees */

/* What a sweep works out, one element a node or a tree. */
struct figures {
    uint32_t *depth, *below; /* [nodes] from the root; nodes of the subtree, itself included */
    uint32_t *deepest;       /* [trees] */
    uint64_t *distance;      /* [trees] sum of the distances of all pairs */
    uint32_t *place;         /* [max(nodes, trees)] where a kept one goes; ENTITY_NONE = goes */
};

static enum status figures_init(struct figures *f, const struct cascades *self)
{
    size_t most = self->nodes > self->trees ? self->nodes : self->trees;
    f->depth = memory_alloc(self->nodes, sizeof(*f->depth));
    f->below = memory_alloc(self->nodes, sizeof(*f->below));
    f->deepest = memory_alloc(self->trees, sizeof(*f->deepest));
    f->distance = memory_alloc(self->trees, sizeof(*f->distance));
    f->place = memory_alloc(most, sizeof(*f->place));
    return f->depth && f->below && f->deepest && f->distance && f->place ? STATUS_OK
                                                                         : STATUS_NO_MEMORY;
}

static void figures_free(struct figures *f)
{
    memory_free(f->depth);
    memory_free(f->below);
    memory_free(f->deepest);
    memory_free(f->distance);
    memory_free(f->place);
}

/* A pair's path crosses the edge above a node when one of them lies below it and the other does
 * not: the edge counts below * (size - below) times (the Wiener index of a tree). */
static void measure_trees(const struct cascades *self, struct figures *f)
{
    for (size_t i = 0; i < self->nodes; i++) {
        const struct tree_node *node = node_at(self, i);
        f->below[i] = 1;
        f->depth[i] = node->parent == ENTITY_NONE ? 0 : f->depth[node->parent] + 1;
        if (f->depth[i] > f->deepest[node->tree]) f->deepest[node->tree] = f->depth[i];
    }
    for (size_t i = self->nodes; i-- > 0;) {
        const struct tree_node *node = node_at(self, i);
        uint64_t below = f->below[i], size = tree_at(self, node->tree)->size;
        if (node->parent == ENTITY_NONE) continue;
        f->below[node->parent] += f->below[i];
        f->distance[node->tree] += below * (size - below);
    }
}

static bool is_finished(const struct tree *tree, const struct sweep *sweep)
{
    const struct world *world = sweep->world;
    const struct video_shard *videos = &world->videos[entity_shard(world->shards, tree->video)];
    uint32_t row = entity_row(world->shards, tree->video);
    return tree->last * INT64_C(1000) <= sweep->before ||
           videos->counter[row].state != VIDEO_ACTIVE ||
           videos->counter[row].ordinal != tree->ordinal;
}

static struct cascade cascade_of(const struct cascades *self, const struct figures *f, size_t t)
{
    const struct tree *tree = tree_at(self, t);
    double size = (double)tree->size;
    double pairs = size * (size - 1) / 2;
    return (struct cascade){.root_video = tree->video,
                            .root_ordinal = tree->ordinal,
                            .depth = f->deepest[t],
                            .size = tree->size,
                            .virality = pairs > 0 ? (double)f->distance[t] / pairs : 0};
}

/* Puts finished trees on the closed list and says where the others go. */
static enum status close_trees(struct cascades *self, struct figures *f,
                               const struct sweep *sweep)
{
    size_t kept = 0;
    for (size_t t = 0; t < self->trees; t++) {
        f->place[t] = ENTITY_NONE;
        if (!is_finished(tree_at(self, t), sweep)) {
            f->place[t] = (uint32_t)kept++;
            continue;
        }
        self->finished++;
        if (tree_at(self, t)->size < sweep->least) continue;
        enum status status = memory_grow(&self->closed, &self->closed_room,
                                         self->closed_count + 1, sizeof(*self->closed));
        if (status) return status;
        self->closed[self->closed_count++] = cascade_of(self, f, t);
    }
    return STATUS_OK;
}

/* Closes the gaps. Nodes go first, by their tree's place; then `place` is theirs. */
static void compact(struct cascades *self, struct figures *f)
{
    size_t nodes = 0, trees = 0;
    uint32_t *moved = f->depth; /* no longer needed */
    for (size_t i = 0; i < self->nodes; i++) {
        struct tree_node node = *node_at(self, i);
        if (f->place[node.tree] == ENTITY_NONE) continue;
        moved[i] = (uint32_t)nodes;
        node.tree = f->place[node.tree];
        if (node.parent != ENTITY_NONE) node.parent = moved[node.parent];
        *node_at(self, nodes++) = node;
    }
    for (size_t t = 0; t < self->trees; t++)
        if (f->place[t] != ENTITY_NONE) *tree_at(self, trees++) = *tree_at(self, t);
    self->nodes = nodes;
    self->trees = trees;
}

enum status cascades_sweep(struct cascades *self, const struct sweep *sweep)
{
    struct figures f = {0};
    enum status status = STATUS_OK;
    if (!self->trees) return STATUS_OK;
    status = figures_init(&f, self);
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

static bool is_sound(const struct cascades *self)
{
    for (size_t i = 0; i < self->nodes; i++) {
        const struct tree_node *node = node_at(self, i);
        if (node->tree >= self->trees) return false;
        if (node->parent != ENTITY_NONE &&
            (node->parent >= i || node_at(self, node->parent)->tree != node->tree))
            return false;
    }
    return true;
}

static void visit_sizes(struct cascades *self, struct visitor *v)
{
    uint64_t trees = self->trees, nodes = self->nodes;
    visit_count(v, "cascades.trees", &trees, NODES_MAX);
    visit_count(v, "cascades.nodes", &nodes, NODES_MAX);
    if (v->status || !visit_loading(v)) return;
    self->trees = self->nodes = 0;
    if (trees > nodes)
        v->status = STATUS_BAD_INPUT;
    else
        v->status = cascades_reserve(self, nodes);
    if (v->status) return;
    self->trees = trees;
    self->nodes = nodes;
}

static void visit_rows(struct tree *tree, size_t trees, struct tree_node *node, size_t nodes,
                       struct visitor *v)
{
    VISIT_FIELD(v, "cascades.video", tree, trees, video);
    VISIT_FIELD(v, "cascades.ordinal", tree, trees, ordinal);
    VISIT_FIELD(v, "cascades.size", tree, trees, size);
    VISIT_FIELD(v, "cascades.last", tree, trees, last);
    VISIT_FIELD(v, "cascades.viewer", node, nodes, viewer);
    VISIT_FIELD(v, "cascades.parent", node, nodes, parent);
    VISIT_FIELD(v, "cascades.tree", node, nodes, tree);
}

void cascades_visit(struct cascades *self, struct visitor *v)
{
    visit_sizes(self, v);
    if (v->status) return;
    VISIT_VALUE(v, "cascades.shares", self->shares);
    VISIT_VALUE(v, "cascades.finished", self->finished);
    struct tree *tree = pieces_gather(&self->tree, self->trees, sizeof(*tree));
    struct tree_node *node = pieces_gather(&self->node, self->nodes, sizeof(*node));
    if (tree && node)
        visit_rows(tree, self->trees, node, self->nodes, v);
    else
        v->status = STATUS_NO_MEMORY;
    if (!v->status && visit_loading(v)) {
        pieces_scatter(&self->tree, tree, self->trees, sizeof(*tree));
        pieces_scatter(&self->node, node, self->nodes, sizeof(*node));
    }
    memory_free(tree);
    memory_free(node);
    if (v->status || !visit_loading(v)) return;
    if (is_sound(self))
        fill_slots(self);
    else
        v->status = STATUS_BAD_INPUT;
}
