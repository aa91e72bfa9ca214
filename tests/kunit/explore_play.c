// SPDX-License-Identifier: GPL-2.0-only
/*
 * explore_play.c - every state that a device can get into: one command
 */
#include <kunit/test.h>
#include "explore.h"

#define RUN_KNOWN	3

/* A command that is being played. */
struct play {
	struct explore *x;
	const struct explore_cmd *cmd;
	struct explore_state from;
	struct explore_state s;
	struct fwslot_request req;
	struct fwslot_plan plan;
	bool known;		/* what would boot is known */
	bool pointless;		/* nothing is there that it could lead to */
};

static void complain(struct play *p, u32 *count, const char *what,
		     const struct explore_state *s)
{
	char from[WORLD_TEXT], here[WORLD_TEXT], steps[WORLD_STEPS];

	if ((*count)++ > 5)
		return;
	KUNIT_FAIL(p->x->test,
		   "%s: \"%s\" (%s, run %u), command %u/%u/%u: %s \"%s\": \"%s\"",
		   what, world_text(&p->from.w, from),
		   fwslot_booted_word(p->from.w.booted), p->from.run,
		   p->cmd->release, p->cmd->slots, p->cmd->flags,
		   fwslot_reason_word(p->plan.reason),
		   world_steps(&p->plan, steps), world_text(&s->w, here));
}

static u32 run_code(const struct fwslot_running *run)
{
	u32 i;

	if (!run->known)
		return run->format;
	for (i = 0; i < RELS; i++)
		if (fwslot_release_equal(&run->release,
					 &world_manifest(i)->release))
			return RUN_KNOWN + i;
	return 0;
}

static void run_decode(u32 code, struct fwslot_running *run)
{
	memset(run, 0, sizeof(*run));
	run->known = code >= RUN_KNOWN;
	run->format = code;
	if (!run->known)
		return;
	run->format = world_format(code - RUN_KNOWN);
	run->release = world_manifest(code - RUN_KNOWN)->release;
}

/* The kernel reads the slots, finds out what runs, and makes a plan. */
static u32 make_plan(struct play *p)
{
	struct explore_state *s = &p->s;
	const struct fwslot_running *found = &p->req.running;

	world_request(&s->w, p->cmd->release, p->cmd->slots, &p->req);
	if (s->run < RUN_KNOWN && (found->known || !s->run ||
				   s->w.booted == FWSLOT_BOOTED_OTHER))
		s->run = run_code(found);
	s->w.kept = s->run < RUN_KNOWN ? REL_X : s->run - RUN_KNOWN;
	run_decode(s->run, &p->req.running);
	p->req.flags = p->cmd->flags;
	p->req.pending = s->pending && s->pending != 1 + p->cmd->release;
	return fwslot_plan_make(&p->req, &p->plan);
}

/*
 * Can the kernel know what would boot now?  It booted this system, and nobody
 * has changed it, or it was read and is known.
 */
static bool evidence(const struct play *p)
{
	const struct fwslot_view *v = p->req.views;
	u32 boots = world_weak(&p->from.w) ? p->from.w.booted :
					     world_boot(&p->from.w);
	u32 copy = FWSLOT_UNIT_BOOT0, image = FWSLOT_UNIT_PRIMARY;
	bool same;

	if (!world_format(p->from.w.unit[copy].content))
		copy = FWSLOT_UNIT_BOOT1;
	if (boots == FWSLOT_BOOTED_SECONDARY)
		image = FWSLOT_UNIT_SECONDARY;
	same = boots == p->from.w.booted && !v[FWSLOT_UNIT_BOOT0].changed &&
	       !v[FWSLOT_UNIT_BOOT1].changed;
	return (v[copy].matched || same) &&
	       (v[image].matched || (same && !v[image].changed));
}

static bool image_of(const struct play *p, u32 format)
{
	const struct fwslot_view *v = p->req.views;

	return (v[FWSLOT_UNIT_PRIMARY].matched &&
		v[FWSLOT_UNIT_PRIMARY].format == format) ||
	       (v[FWSLOT_UNIT_SECONDARY].matched &&
		v[FWSLOT_UNIT_SECONDARY].format == format);
}

static void begin(struct play *p, struct explore *x,
		  const struct explore_state *s, const struct explore_cmd *cmd)
{
	p->x = x;
	p->cmd = cmd;
	p->from = *s;
	p->s = *s;
	make_plan(p);
	p->known = evidence(p);
	p->pointless = !image_of(p, world_format(cmd->release)) &&
		       (s->w.booted == FWSLOT_BOOTED_OTHER ||
			world_boot(&s->w) == FWSLOT_BOOTED_OTHER);
}

static bool is_booted(const struct world *w, u32 unit)
{
	return (w->booted == FWSLOT_BOOTED_PRIMARY &&
		unit == FWSLOT_UNIT_PRIMARY) ||
	       (w->booted == FWSLOT_BOOTED_SECONDARY &&
		unit == FWSLOT_UNIT_SECONDARY);
}

/* Carry out a step, whole; false: the guard would not have it. */
static bool do_step(struct play *p, const struct fwslot_step *step)
{
	struct world_unit *u = &p->s.w.unit[step->unit];
	struct fwslot_view *v = &p->req.views[step->unit];

	if (step->action == FWSLOT_ACTION_RECORD) {
		u->record = u->content;
		v->recorded = true;
		v->heal = false;
	}
	if (step->action != FWSLOT_ACTION_WRITE)
		return true;
	if (fwslot_guard(&p->req, step->unit))
		return false;
	u->content = p->cmd->release;
	u->record = p->cmd->release;
	u->changed = true;
	u->broken = false;
	u->weak = false;
	fwslot_view_written(&p->req, v);
	return true;
}

static void commit(struct play *p)
{
	const struct fwslot_step *step = p->plan.steps;
	u32 i;

	for (i = 0; i < p->plan.n_steps; i++, step++)
		if (step->action == FWSLOT_ACTION_WRITE &&
		    (step->unit >= FWSLOT_UNIT_BOOT0 ||
		     is_booted(&p->s.w, step->unit)))
			p->s.pending = 1 + p->cmd->release;
}

static bool asked_for(const struct play *p, u32 unit)
{
	if (unit == FWSLOT_UNIT_BOOT1 && p->s.w.copies == 1)
		return false;
	return p->cmd->slots & (1U << fwslot_unit_slot(unit));
}

static bool all_there(const struct play *p)
{
	const struct world_unit *u = p->s.w.unit;
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++, u++) {
		if (!asked_for(p, i) || u->record == p->cmd->release)
			continue;
		/* Adopting leaves a copy that holds something else alone. */
		if (!(p->cmd->flags & FWSLOT_BEGIN_ADOPT) ||
		    u->content == p->cmd->release)
			return false;
	}
	return true;
}

static bool nothing_to_do(const struct fwslot_plan *plan)
{
	u32 i;

	for (i = 0; i < plan->n_steps; i++)
		if (plan->steps[i].action != FWSLOT_ACTION_SKIP)
			return false;
	return true;
}

/*
 * The same command from here, without a cut: it comes to its end.  It may
 * have to be told to write the bootloader too.
 */
static bool finishes(struct explore *x, const struct explore_state *s,
		     const struct explore_cmd *cmd)
{
	struct explore_cmd more = *cmd;
	struct play p;
	u32 i;

	begin(&p, x, s, &more);
	if (p.plan.reason == FWSLOT_REASON_NEEDS_BOOTLOADER) {
		more.slots |= BOOT;
		begin(&p, x, s, &more);
	}
	if (p.plan.reason)
		return false;
	for (i = 0; i < p.plan.n_steps; i++)
		if (!do_step(&p, &p.plan.steps[i]))
			return false;
	commit(&p);
	if (!all_there(&p) || make_plan(&p))
		return false;
	return nothing_to_do(&p.plan);
}

/* All that was there still is; perhaps more has a name now. */
static bool nothing_lost(const struct world *from, const struct world *now)
{
	const struct world_unit *a = from->unit, *b = now->unit;
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++, a++, b++)
		if (a->content != b->content ||
		    (a->record != b->record && a->record != REL_X))
			return false;
	return true;
}

/* Nobody can tell what is there: a command may be refused that was not before. */
static bool in_doubt_now(const struct explore *x, const struct world *w)
{
	return x->doubt && (world_weak(w) || world_holds(w, REL_U));
}

/* Was what runs now, or what else would, named by a record that is lost? */
static bool name_lost(const struct play *p, const struct play *again)
{
	if (again->s.w.booted == FWSLOT_BOOTED_OTHER)
		return !p->known;
	return !p->known || again->s.run < RUN_KNOWN ||
	       world_holds(&again->s.w, REL_U);
}

/*
 * After a cut the same command must finish.  It is no fault if it does not
 * when nothing was running from a slot and it began to write what has no
 * counterpart; after a reboot, if nothing had been done yet.  It is counted if
 * it is refused because nobody can tell any more what a slot holds.
 */
static void expect_finish(struct play *p, const struct explore_state *s,
			  bool rebooted)
{
	struct explore_count *count = &p->x->count;
	struct play again;

	if (p->pointless || finishes(p->x, s, p->cmd))
		return;
	if (rebooted && nothing_lost(&p->from.w, &s->w))
		return;
	begin(&again, p->x, s, p->cmd);
	if (again.plan.reason && (in_doubt_now(p->x, &s->w) ||
				  (rebooted && name_lost(p, &again))))
		count->unnamed++;
	else
		complain(p, &count->stuck, "stuck", s);
}

/* The power comes back, and of the weak units @fails fail. */
static void power_on(struct play *p, const struct explore_state *s,
		     const struct world *before, bool window, u32 fails)
{
	u32 now = fails & world_weak(&s->w), then = fails & world_weak(before);
	bool dead = world_boot_without(&s->w, now) == FWSLOT_BOOTED_OTHER;
	struct explore_count *count = &p->x->count;
	struct explore_state next = *s;

	if (dead && world_boot_without(before, then) != FWSLOT_BOOTED_OTHER) {
		if (window)
			count->dead++;
		else if (!p->known &&
			 p->from.w.booted == FWSLOT_BOOTED_OTHER)
			count->blind++;
		else
			complain(p, &count->brick, "nothing boots", s);
	}
	explore_boot(&next, now);
	explore_add(p->x, &next);
	if (p->from.w.booted == FWSLOT_BOOTED_OTHER) {
		next.w.booted = FWSLOT_BOOTED_OTHER;
		explore_add(p->x, &next);
	}
	expect_finish(p, &next, true);
}

/*
 * Power is lost, or the session ends, at @s.  @before: what was there before
 * the step; @window: the step writes the only bootloader.
 */
static void cut(struct play *p, const struct explore_state *s,
		const struct world *before, bool window)
{
	u32 weak = world_weak(&s->w) | world_weak(before);
	u32 fails;

	p->x->count.transitions++;
	/* Weak bits come from a loss of power. */
	if (!world_weak_now(&s->w)) {
		explore_add(p->x, s);
		expect_finish(p, s, false);
	}
	for (fails = 0; fails < BIT(FWSLOT_UNITS); fails++)
		if (!(fails & ~weak))
			power_on(p, s, before, window, fails);
}

/* All that a step can leave behind when it does not come to its end. */
static void cut_in_step(struct play *p, const struct fwslot_step *step)
{
	const struct {
		u8 content;
		u8 record;
		bool weak;
	} left[] = {
		{ REL_X, p->s.w.unit[step->unit].record, false },
		{ REL_X, REL_X, false },
		{ p->cmd->release, REL_X, false },
		{ p->cmd->release, REL_X, true },
	};
	u32 n = ARRAY_SIZE(left) - !p->x->weak;
	bool window = step->unit >= FWSLOT_UNIT_BOOT0 && p->s.w.copies == 1;
	struct explore_state s = p->s;
	struct world_unit *u = &s.w.unit[step->unit];
	u32 i;

	if (step->action == FWSLOT_ACTION_RECORD) {
		u->record = REL_X;
		cut(p, &s, &p->s.w, false);
		return;
	}
	u->changed = true;
	u->broken = true;
	for (i = 0; i < n; i++) {
		u->content = left[i].content;
		u->record = left[i].record;
		u->weak = left[i].weak;
		cut(p, &s, &p->s.w, window);
	}
}

/*
 * What must not be refused: from a system that is known, on a device that
 * holds only O and N, both are a way.
 */
static void check_refusal(struct play *p)
{
	const struct explore_state *s = &p->s;

	p->x->count.refused++;
	if (!p->plan.reason || p->plan.reason >= FWSLOT_REASON_MAX)
		complain(p, &p->x->count.wrong, "no reason", s);
	if (in_doubt_now(p->x, &s->w) || p->cmd->slots != ALL ||
	    p->cmd->flags || p->cmd->release > REL_N ||
	    s->w.booted == FWSLOT_BOOTED_OTHER || p->req.pending ||
	    (s->run != RUN_KNOWN + REL_O && s->run != RUN_KNOWN + REL_N) ||
	    world_holds(&s->w, REL_U) || world_holds(&s->w, REL_M))
		return;
	complain(p, &p->x->count.shut, "refused", s);
}

static bool is_image(u32 unit)
{
	return unit < FWSLOT_UNIT_BOOT0;
}

/* What a step may be at the moment when it is taken. */
static bool step_right(const struct play *p, const struct fwslot_step *step)
{
	const struct world_unit *u = &p->s.w.unit[step->unit];
	const struct world_unit *twin = &p->s.w.unit[!step->unit];

	switch (step->action) {
	case FWSLOT_ACTION_SKIP:
		return asked_for(p, step->unit) &&
		       u->content == p->cmd->release &&
		       u->record == p->cmd->release;
	case FWSLOT_ACTION_RECORD:
		return u->content < RELS && u->record != u->content;
	}
	if (!asked_for(p, step->unit))
		return false;
	if (step->source == FWSLOT_SOURCE_TWIN)
		return is_image(step->unit) &&
		       twin->content == p->cmd->release;
	return step->source == (is_image(step->unit) ?
				FWSLOT_SOURCE_STREAM : FWSLOT_SOURCE_STAGED);
}

/* 0: idle image slot, 1: bootloader, 2: the slot that would be started */
static u32 rank(u32 unit, u32 boots)
{
	if (!is_image(unit))
		return 1;
	return boots == (unit == FWSLOT_UNIT_PRIMARY ? FWSLOT_BOOTED_PRIMARY :
			 FWSLOT_BOOTED_SECONDARY) ? 2 : 0;
}

/* May come before its turn (doubt.c); behind an image the turns are others. */
static bool in_doubt(const struct play *p, u32 unit)
{
	const struct world_unit *u = &p->from.w.unit[unit];

	return u->content >= RELS || u->record != u->content;
}

/* The slot that would be started comes last, the other one first. */
static bool order_right(const struct play *p)
{
	u32 boots = world_boot(&p->from.w);
	u32 i, now, last = 0;

	if (boots == FWSLOT_BOOTED_OTHER || !p->known ||
	    in_doubt_now(p->x, &p->from.w))
		return true;
	for (i = 0; i < p->plan.n_steps; i++) {
		if (p->plan.steps[i].action != FWSLOT_ACTION_WRITE)
			continue;
		now = rank(p->plan.steps[i].unit, boots);
		if (in_doubt(p, p->plan.steps[i].unit) && now == 2)
			return true;
		if (in_doubt(p, p->plan.steps[i].unit) && now == 1)
			continue;
		if (now < last)
			return false;
		last = now;
	}
	return true;
}

/**
 * explore_cmd() - give a command in a state, and cut it everywhere
 * @x: the exploration
 * @s: the state
 * @cmd: the command
 */
void explore_cmd(struct explore *x, const struct explore_state *s,
		 const struct explore_cmd *cmd)
{
	const struct fwslot_step *step;
	struct explore_state before;
	struct play p;
	u32 i;

	begin(&p, x, s, cmd);
	explore_add(x, &p.s);
	if (p.plan.reason) {
		check_refusal(&p);
		return;
	}
	if (!order_right(&p))
		complain(&p, &x->count.wrong, "order", &p.s);
	for (i = 0; i < p.plan.n_steps; i++) {
		step = &p.plan.steps[i];
		before = p.s;
		if (!step_right(&p, step))
			complain(&p, &x->count.wrong, "step", &p.s);
		if (step->action == FWSLOT_ACTION_SKIP)
			continue;
		cut_in_step(&p, step);
		if (!do_step(&p, step))
			complain(&p, &x->count.wrong, "guard", &p.s);
		cut(&p, &p.s, &before.w, false);
	}
	if (!all_there(&p))
		complain(&p, &x->count.wrong, "not done", &p.s);
	commit(&p);
	explore_add(x, &p.s);
	explore_boot(&p.s, 0);
	explore_add(x, &p.s);
}
