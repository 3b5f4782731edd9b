package journal

import "golang.org/x/sys/unix"

// networkMagic names the file systems that are served by another computer.
// The numbers are those of statfs(2) and of the kernel's magic.h.
var networkMagic = map[uint32]string{
	unix.NFS_SUPER_MAGIC:  "NFS",
	unix.SMB_SUPER_MAGIC:  "SMB",
	unix.CIFS_SUPER_MAGIC: "CIFS",
	unix.SMB2_SUPER_MAGIC: "SMB",
	unix.AFS_SUPER_MAGIC:  "AFS",
	unix.AFS_FS_MAGIC:     "AFS",
	unix.CODA_SUPER_MAGIC: "Coda",
	unix.CEPH_SUPER_MAGIC: "Ceph",
	unix.V9FS_MAGIC:       "9P",
	0x0bd00bd0:            "Lustre", // lustre/include/uapi/linux/lustre/lustre_user.h
	0x47504653:            "GPFS",   // statfs(2) of IBM Storage Scale
}

func networkKind(dir string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return "", err
	}
	return networkMagic[uint32(st.Type)], nil
}
