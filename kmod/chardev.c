// SPDX-License-Identifier: GPL-2.0-only
/*
 * chardev.c - /dev/fwslot: copies structures in and out, decides nothing
 *
 * The protocol is in the UAPI header.  What changes state needs CAP_SYS_ADMIN
 * in the initial user namespace at every call, whoever opened the file;
 * write(2) needs the very credentials that opened it, so that a set-uid
 * program cannot be made to feed an inherited descriptor.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "fwslot.h"

/**
 * struct fwslot_file - an open file
 * @lock: one call at a time; never taken in a notifier
 * @session: its session, or the last one it had; NULL: none
 */
struct fwslot_file {
	struct mutex lock;	/* one call at a time */
	struct fwslot_session *session;
};

/*
 * Copy a structure in whose first member is its size.  A caller that knows
 * more members than this module may use them only as zero.  When a structure
 * grows, its first size stays what is asked for at least here.
 */
static int get_arg(void *arg, size_t ksize, void __user *uarg)
{
	u32 size;

	if (get_user(size, (u32 __user *)uarg))
		return -EFAULT;
	if (size < ksize || size > PAGE_SIZE)
		return -EINVAL;
	return copy_struct_from_user(arg, ksize, uarg, size);
}

/* Copy the result out, as much as the caller knows; the call's error stays. */
static int put_arg(const void *arg, size_t ksize, void __user *uarg, int err)
{
	u32 size = *(const u32 *)arg;

	if (copy_to_user(uarg, arg, min_t(size_t, ksize, size)))
		return -EFAULT;
	return err;
}

static int ioctl_info(void __user *uarg)
{
	struct fwslot_info arg;
	int err;

	err = get_arg(&arg, sizeof(arg), uarg);
	if (err)
		return err;
	arg.abi = FWSLOT_ABI_VERSION;
	arg.begin_flags = FWSLOT_BEGIN_FLAGS;
	arg.reserved = 0;
	return put_arg(&arg, sizeof(arg), uarg, 0);
}

static void drop_session(struct fwslot_file *file)
{
	if (file->session)
		fwslot_session_close(file->session);
	file->session = NULL;
}

static bool begin_valid(const struct fwslot_begin *arg)
{
	if (arg->flags & ~FWSLOT_BEGIN_FLAGS || arg->reserved ||
	    !arg->slots || arg->slots & ~FWSLOT_SLOTS_ALL)
		return false;
	/* A record is all that adopt writes: there is nothing to try or force. */
	return !(arg->flags & FWSLOT_BEGIN_ADOPT) ||
	       arg->flags == FWSLOT_BEGIN_ADOPT;
}

static int put_map(const struct fwslot_session *s,
		   const struct fwslot_begin *arg)
{
	u8 __user *map = u64_to_user_ptr(arg->map);
	u8 piece[FWSLOT_MAP_PIECE];
	u32 i, n, ofs;

	for (i = 0; map && i < arg->n_inputs; i++) {
		for (n = 0; fwslot_wanted_piece(s, i, n, piece); n++) {
			ofs = arg->inputs[i].map_offset + n * sizeof(piece);
			if (arg->map_size < ofs + sizeof(piece))
				return -ENOSPC;
			if (copy_to_user(map + ofs, piece, sizeof(piece)))
				return -EFAULT;
		}
	}
	return 0;
}

static int ioctl_begin(struct fwslot_file *file, void __user *uarg)
{
	struct fwslot_begin *arg;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	arg = kzalloc(sizeof(*arg), GFP_KERNEL_ACCOUNT);
	if (!arg)
		return -ENOMEM;
	err = get_arg(arg, sizeof(*arg), uarg);
	if (err)
		goto free_arg;
	arg->reason = FWSLOT_REASON_WRONG_STATE;
	arg->detail = 0;
	arg->n_steps = 0;
	arg->n_inputs = 0;
	memset(arg->steps, 0, sizeof(arg->steps));
	memset(arg->inputs, 0, sizeof(arg->inputs));
	if (!begin_valid(arg)) {
		err = put_arg(arg, sizeof(*arg), uarg, -EINVAL);
		goto free_arg;
	}
	drop_session(file);
	err = fwslot_session_begin(arg, &file->session);
	if (!err)
		err = put_map(file->session, arg);
	err = put_arg(arg, sizeof(*arg), uarg, err);
	if (err)
		drop_session(file);

free_arg:
	kfree(arg);
	return err;
}

static int ioctl_finish(struct fwslot_file *file, void __user *uarg)
{
	struct fwslot_finish arg;
	int err;

	err = get_arg(&arg, sizeof(arg), uarg);
	if (err)
		return err;
	if (!file->session || arg.reserved)
		return -EINVAL;
	arg.progress.size = sizeof(arg.progress);
	err = fwslot_session_finish(file->session, &arg);
	return put_arg(&arg, sizeof(arg), uarg, err);
}

static int ioctl_progress(struct fwslot_file *file, void __user *uarg,
			  bool commit)
{
	struct fwslot_progress arg;
	int err;

	err = get_arg(&arg, sizeof(arg), uarg);
	if (err)
		return err;
	if (!file->session)
		return -EINVAL;
	if (commit) {
		if (!capable(CAP_SYS_ADMIN))
			return -EPERM;
		err = fwslot_session_commit(file->session);
	}
	fwslot_session_progress(file->session, &arg);
	return put_arg(&arg, sizeof(arg), uarg, err);
}

static int ioctl_verify(void __user *uarg)
{
	struct fwslot_verify arg;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = get_arg(&arg, sizeof(arg), uarg);
	if (err)
		return err;
	if (arg.unit >= FWSLOT_UNITS || arg.flags)
		return -EINVAL;
	arg.unit = array_index_nospec(arg.unit, FWSLOT_UNITS);
	err = fwslot_verify(arg.unit, &arg);
	return put_arg(&arg, sizeof(arg), uarg, err);
}

static int ioctl_seal(void)
{
	return capable(CAP_SYS_ADMIN) ? fwslot_seal() : -EPERM;
}

static long do_ioctl(struct fwslot_file *file, unsigned int cmd,
		     void __user *uarg)
{
	lockdep_assert_held(&file->lock);
	/* The size in the number is the caller's; the structure's own counts. */
	if (_IOC_TYPE(cmd) != FWSLOT_IOC_MAGIC ||
	    _IOC_DIR(cmd) != (_IOC_NR(cmd) == _IOC_NR(FWSLOT_IOC_SEAL) ?
			      _IOC_NONE : _IOC_READ | _IOC_WRITE))
		return -ENOTTY;
	switch (_IOC_NR(cmd)) {
	case _IOC_NR(FWSLOT_IOC_INFO):
		return ioctl_info(uarg);
	case _IOC_NR(FWSLOT_IOC_BEGIN):
		return ioctl_begin(file, uarg);
	case _IOC_NR(FWSLOT_IOC_FINISH):
		return ioctl_finish(file, uarg);
	case _IOC_NR(FWSLOT_IOC_COMMIT):
		return ioctl_progress(file, uarg, true);
	case _IOC_NR(FWSLOT_IOC_PROGRESS):
		return ioctl_progress(file, uarg, false);
	case _IOC_NR(FWSLOT_IOC_VERIFY):
		return ioctl_verify(uarg);
	case _IOC_NR(FWSLOT_IOC_SEAL):
		return ioctl_seal();
	default:
		return -ENOTTY;
	}
}

static long fwslot_ioctl(struct file *filp, unsigned int cmd,
			 unsigned long arg)
{
	struct fwslot_file *file = filp->private_data;
	long ret;

	if (mutex_lock_killable(&file->lock))
		return -ERESTARTSYS;
	ret = do_ioctl(file, cmd, (void __user *)arg);
	mutex_unlock(&file->lock);
	return ret;
}

static ssize_t fwslot_write(struct file *filp, const char __user *buf,
			    size_t len, loff_t *pos)
{
	struct fwslot_file *file = filp->private_data;
	ssize_t ret = -EINVAL;

	if (filp->f_cred != current_cred())
		return -EPERM;
	if (mutex_lock_killable(&file->lock))
		return -ERESTARTSYS;
	if (file->session)
		ret = fwslot_session_write(file->session, buf, len);
	mutex_unlock(&file->lock);
	return ret;
}

static int fwslot_open(struct inode *inode, struct file *filp)
{
	struct fwslot_file *file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);

	if (!file)
		return -ENOMEM;
	mutex_init(&file->lock);
	filp->private_data = file;
	return stream_open(inode, filp);
}

static int fwslot_release(struct inode *inode, struct file *filp)
{
	struct fwslot_file *file = filp->private_data;

	drop_session(file);
	kfree(file);
	return 0;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = fwslot_open,
	.release = fwslot_release,
	.write = fwslot_write,
	.unlocked_ioctl = fwslot_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = FWSLOT_DEVICE,
	.mode = 0600,
	.fops = &fops,
};

/**
 * fwslot_chardev_init() - make /dev/fwslot
 *
 * Return: 0 or why the device cannot be registered.
 */
int __init fwslot_chardev_init(void)
{
	return misc_register(&device);
}

/**
 * fwslot_chardev_exit() - take /dev/fwslot away; no file is open
 */
void fwslot_chardev_exit(void)
{
	misc_deregister(&device);
}
