/**
 * Console logs as guests print them at their first boot: the forms are those of cloud-init's tools/write-ssh-key-fingerprints (by logger 2.38
 * and older ones) and of CirrOS's cirros-status; the keys were made for these tests.
 */

/** Debian 12: fingerprints through `logger -s`, keys bare, lines ended by CR LF as a serial console does. */
export const debian12 = [
  '[    0.000000] Linux version 6.1.0-28-cloud-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld 2.40) #1 SMP',
  '[    1.204117] systemd[1]: Detected virtualization kvm.',
  '[  OK  ] Reached target network.target - Network.',
  '[    7.911202] cloud-init[467]: Generating public/private ed25519 key pair.',
  '[    7.912840] cloud-init[467]: Your identification has been saved in /etc/ssh/ssh_host_ed25519_key',
  '[    7.913655] cloud-init[467]: The key fingerprint is:',
  '[    7.914416] cloud-init[467]: SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA root@deb',
  '         Starting ssh.service - OpenBSD Secure Shell server...',
  '[  OK  ] Started ssh.service - OpenBSD Secure Shell server.',
  '',
  'Debian GNU/Linux 12 deb ttyS0',
  '',
  "deb login: [    9.127344] cloud-init[579]: Cloud-init v. 22.4.2 running 'modules:final' at Mon, 30 Nov 2026 03:06:21 +0000. Up 9.07 seconds.",
  'ci-info: +++++++++++++++++++++++++++++++Authorized keys from /home/debian/.ssh/authorized_keys for user debian+++++++++++++++++++++++++++++++',
  'ci-info: +-------------+-------------------------------------------------------------------------------------------------+---------+---------+',
  'ci-info: |   Keytype   |                                       Fingerprint (sha256)                                      | Options | Comment |',
  'ci-info: | ssh-ed25519 | 7c:b8:05:ac:9e:c9:aa:92:9a:11:9e:29:d4:bc:11:c3:d0:8a:e5:7a:e4:e4:4a:23:fd:9c:54:ab:36:d2:55:70 |    -    |  anna   |',
  'ci-info: +-------------+-------------------------------------------------------------------------------------------------+---------+---------+',
  '<14>Nov 30 03:06:21 cloud-init: #############################################################\r',
  '<14>Nov 30 03:06:21 cloud-init: -----BEGIN SSH HOST KEY FINGERPRINTS-----\r',
  '<14>Nov 30 03:06:21 cloud-init: 256 SHA256:y9/bJ2HYTeZ2NsCkGT++jW4Iqiq3tf8TU4IjJtPEnNg root@deb (ECDSA)\r',
  '<14>Nov 30 03:06:21 cloud-init: 256 SHA256:uey9UM8tXMl5N10AHmaW6QBG20X8ln+3j24HlUQwUXk root@deb (ED25519)\r',
  '<14>Nov 30 03:06:21 cloud-init: 3072 SHA256:2WNxaU9Cm3XrjEAm/eoRCrX3ZFtjWJXmacKhNApw6sg root@deb (RSA)\r',
  '<14>Nov 30 03:06:21 cloud-init: -----END SSH HOST KEY FINGERPRINTS-----\r',
  '<14>Nov 30 03:06:21 cloud-init: #############################################################\r',
  '-----BEGIN SSH HOST KEY KEYS-----\r',
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCazWYb7GU2nQTNwu+V//ztG1aJtKd1FqQaS4GPHCb3zf93FFpT0HblHTKh40HYmcrxqVlWj+MRhuN0N/5xxsWo= root@deb\r',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKM60EDcMMAhSAJ2ZX3aExPCTeKYjzmuAQ0xOTFSrAfJ root@deb\r',
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDnnWw3rhfXi3kqrmlVelurIUDEjgQSIOTD8ofXIt9nHSQ7Um0q+wJ/4cq26NXAhU0m+sVRwqgy3KWhXrJ13Z7Beig5sBOy6sa/N6sIF4UXhEgd7J6OMPOspXL4F+yC5nc6U916EDqqR72/Ivy1kM4rWeoX3YBgvJIggDPvPw25DeSTNsEKcH/hLYaCAMkE1HN8+fne/cOjupaGGeIWUpGstzyRgom8i5Rtyh1mtjihb25/SKX9AnrKlH8QwPKLvXva7JdJT3T5/5rPLop0Z+e6G8Ub84WplqRcKSN5NqYLUkQKnS0s9/LAi6tmT1B453YNT0g7wW9Q35xRvk7RdZYXnnwWBRJBfjsxiPvAJV6pRYjMbhfLb1NU727dETTg791Pi431OkF0KDG3Z2SrAfYA4vdSYrhE607syeuxqheqRGy16yAxy6xeciDfHE3X8i8N2WK/vdxXNxmHOmdbamGc9s/HKUQ4P3lMgBd3QOSAxUwei0eooo1MVVMrhEUG9Cs= root@deb\r',
  '-----END SSH HOST KEY KEYS-----\r',
  '[    9.331120] cloud-init[579]: Cloud-init v. 22.4.2 finished at Mon, 30 Nov 2026 03:06:21 +0000. Datasource DataSourceOpenStackLocal [net,ver=2].  Up 9.32 seconds\r',
  '',
].join('\n');

/** Ubuntu 24.04: all of it through the journal, with other services in between. */
export const ubuntu2404 = [
  '[    0.000000] Linux version 6.8.0-49-generic (buildd@lcy02-amd64-103) (x86_64-linux-gnu-gcc-13 (Ubuntu 13.2.0-23ubuntu4) 13.2.0) #49-Ubuntu SMP',
  "[   12.882713] cloud-init[811]: Cloud-init v. 24.4-0ubuntu1~24.04.2 running 'modules:config' at Mon, 30 Nov 2026 03:06:40 +0000. Up 12.80 seconds.",
  '[  OK  ] Finished cloud-config.service - Cloud-init: Config Stage.',
  '         Starting cloud-final.service - Cloud-init: Final Stage...',
  '',
  'Ubuntu 24.04.1 LTS ubu ttyS0',
  '',
  'ubu login: [   14.208122] cloud-init[903]: <14>Nov 30 03:06:42 cloud-init: #############################################################',
  '[   14.208933] cloud-init[903]: <14>Nov 30 03:06:42 cloud-init: -----BEGIN SSH HOST KEY FINGERPRINTS-----',
  '[   14.209744] cloud-init[903]: <14>Nov 30 03:06:42 cloud-init: 256 SHA256:bkNUtFBkvlxDwpqwbHUy9Yfmj5Ta96m2JjZZNtoiIIo root@ubu (ECDSA)',
  '[   14.209900] kauditd_printk_skb: 22 callbacks suppressed',
  '[   14.210555] cloud-init[903]: <14>Nov 30 03:06:42 cloud-init: 256 SHA256:T0E4F0yteHiHtScvJRWpGhYh7Iuyn0OawBhnv1QZig8 root@ubu (ED25519)',
  '[   14.211366] cloud-init[903]: <14>Nov 30 03:06:42 cloud-init: 3072 SHA256:2i3gozahYOY4cHR72jOK7wJtvX5xCKtz35MFQqA4oiY root@ubu (RSA)',
  '[   14.212177] cloud-init[903]: <14>Nov 30 03:06:42 cloud-init: -----END SSH HOST KEY FINGERPRINTS-----',
  '[   14.212988] cloud-init[903]: <14>Nov 30 03:06:42 cloud-init: #############################################################',
  '[   14.213799] cloud-init[903]: -----BEGIN SSH HOST KEY KEYS-----',
  '[   14.214610] cloud-init[903]: ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCfUPB1R6HaS01qqNlAy/xJ/VWTiZ+CErD0xAif0elQc0/9+tpdK897TYuoSrADnMzN0JBKckdxINIEFZ+xGuh0= root@ubu',
  '[  OK  ] Started snapd.seeded.service - Wait until snapd is fully seeded.',
  '[   14.215421] cloud-init[903]: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINFx7LQImZ/wOozEpMc0yhxEMPhVw/ao3svKckbAOC9D root@ubu',
  '[   14.216232] cloud-init[903]: ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCoh3iZy8p9Yic+GhTDoUVOgA02Kx/z7VadWjqL1VBblfWg24MACHyEXc+MVds9ypnOkqKSglr0Z1kNQxy4/h8fb3A7XClay/YBODLQkrmnrHGqRdegWXpdURu+RmuE2d064UQnO7kMctLSFG/J7GxF9lfvINuyETa12cYc/H3ybE4htMLOmScHXxdO2Sydpb74o9vDYjN1Dr61io8zA7f1RTvjT0tkZashbywTMrdJEFKnJDF9kR0fs5C5xvKw/v1Ipr06XiJgMPPBwIFZ7JQxMC6w05F3OpOoyxHjJhE+lBENclzG931hVIYkjkSGsX654A5uZSs/ep0g9Y1Qq8B1V4b4yPPFZ/r1pI5wPXmf/VHmOomyT7m0/NAaDC/me+5ZBIiZD5+wck0KtIK9SBmdsHFPSmWQXLqGCTG3gpgLuRDE1hlUTL4tpRv/ZjtG1ljrGHes7W6cGfRh2zkvicAm5o7SgPdq//bJIewonjqUKpMNx3iUfxSHaAc0k0vwahM= root@ubu',
  '[   14.217043] cloud-init[903]: -----END SSH HOST KEY KEYS-----',
  '[   14.402117] cloud-init[903]: Cloud-init v. 24.4-0ubuntu1~24.04.2 finished at Mon, 30 Nov 2026 03:06:42 +0000. Datasource DataSourceOpenStack [net,ver=2].  Up 14.39 seconds',
  '',
].join('\n');

/** cloud-init before 2017 with OpenSSH before 6.8: MD5 alone, as `ec2:`. */
export const oldCloudInit = [
  'Generation complete.',
  '',
  ' * Stopping System V runlevel compatibility[ OK ]',
  'ec2: ',
  'ec2: #############################################################',
  'ec2: -----BEGIN SSH HOST KEY FINGERPRINTS-----',
  'ec2: 256 a9:f6:d4:62:87:50:70:7a:0e:4a:73:ed:4e:a0:41:e6  root@old (ECDSA)',
  'ec2: 256 34:5c:58:3e:4d:ef:6c:21:a2:a4:75:e1:ec:92:fd:a4  root@old (ED25519)',
  'ec2: 3072 04:83:f0:bd:63:4f:bd:b0:d8:f5:52:62:25:9e:2a:c2  root@old (RSA)',
  'ec2: -----END SSH HOST KEY FINGERPRINTS-----',
  'ec2: #############################################################',
  '',
].join('\n');

/** CirrOS 0.6: keys without fingerprints. */
export const cirros = [
  'Starting dropbear sshd: OK',
  '=== system information ===',
  'Platform: OpenStack Foundation OpenStack Nova',
  'Container: none',
  'Arch: x86_64',
  'CPU(s): 1 @ 2599.998 MHz',
  'RAM Size: 106MB',
  'Disks:',
  'NAME    MAJ:MIN       SIZE LABEL         MOUNTPOINT',
  'vda     253:0   1073741824',
  'vda1    253:1   1064287744 cirros-rootfs /',
  '=== sshd host keys ===',
  '-----BEGIN SSH HOST KEY KEYS-----',
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDETX48tEL7ps8u4tTH04Gdo43wUEePAa+5CfGSxiRG+47zfJ/pPnolQwa3cuZvBwW/bA66KhVEF3sWv5y11lFcn15b/SeDvYlwdqGfArG5TXeY+wFz10AKGrciTTpUIuTLIjr4mRYtx5c/gs+1BE6Po4XY5+vk2op+PpEV3QI27fSDQYGVMZ0rRfkHabW9hY57BoLNfxLLc0ECdttDCTH3XY1i5a0+yRyjsinfBSrK2p0OQr48lhrgB2EZsBdDyqC48dw+MAvOQCxx7IfDB/lt9ymVk+EsgpUGGzCTALjm1v8+orU/xn0Rv4+iYrPWn6RJiv5YgcJjT+rptV3tqRCP root@cirros',
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBLhQT7mZRLU5LG6jwns6Ng9V11WeoyQUyIdwUYKjdVvS54eULvnWXL/q2vASKDyDRuUbABfncj11+ryZ0S3XWoU= root@cirros',
  '-----END SSH HOST KEY KEYS-----',
  '=== network info ===',
  'if-info: lo,up,127.0.0.1,8,,',
  "login as 'cirros' user. default password: 'gocubsgo'. use 'sudo' for root.",
  'cirros login: ',
].join('\n');

/** What `ssh-keygen -l` says of those keys, and the lines of their .pub files. */
export const printed = {
  deb: {
    ecdsa: {
      fingerprint: 'SHA256:y9/bJ2HYTeZ2NsCkGT++jW4Iqiq3tf8TU4IjJtPEnNg',
      line: 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCazWYb7GU2nQTNwu+V//ztG1aJtKd1FqQaS4GPHCb3zf93FFpT0HblHTKh40HYmcrxqVlWj+MRhuN0N/5xxsWo= root@deb',
    },
    ed25519: {
      fingerprint: 'SHA256:uey9UM8tXMl5N10AHmaW6QBG20X8ln+3j24HlUQwUXk',
      line: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKM60EDcMMAhSAJ2ZX3aExPCTeKYjzmuAQ0xOTFSrAfJ root@deb',
    },
    rsa: {
      fingerprint: 'SHA256:2WNxaU9Cm3XrjEAm/eoRCrX3ZFtjWJXmacKhNApw6sg',
      line: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDnnWw3rhfXi3kqrmlVelurIUDEjgQSIOTD8ofXIt9nHSQ7Um0q+wJ/4cq26NXAhU0m+sVRwqgy3KWhXrJ13Z7Beig5sBOy6sa/N6sIF4UXhEgd7J6OMPOspXL4F+yC5nc6U916EDqqR72/Ivy1kM4rWeoX3YBgvJIggDPvPw25DeSTNsEKcH/hLYaCAMkE1HN8+fne/cOjupaGGeIWUpGstzyRgom8i5Rtyh1mtjihb25/SKX9AnrKlH8QwPKLvXva7JdJT3T5/5rPLop0Z+e6G8Ub84WplqRcKSN5NqYLUkQKnS0s9/LAi6tmT1B453YNT0g7wW9Q35xRvk7RdZYXnnwWBRJBfjsxiPvAJV6pRYjMbhfLb1NU727dETTg791Pi431OkF0KDG3Z2SrAfYA4vdSYrhE607syeuxqheqRGy16yAxy6xeciDfHE3X8i8N2WK/vdxXNxmHOmdbamGc9s/HKUQ4P3lMgBd3QOSAxUwei0eooo1MVVMrhEUG9Cs= root@deb',
    },
  },
  ubu: {
    ecdsa: {
      fingerprint: 'SHA256:bkNUtFBkvlxDwpqwbHUy9Yfmj5Ta96m2JjZZNtoiIIo',
      line: 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCfUPB1R6HaS01qqNlAy/xJ/VWTiZ+CErD0xAif0elQc0/9+tpdK897TYuoSrADnMzN0JBKckdxINIEFZ+xGuh0= root@ubu',
    },
    ed25519: {
      fingerprint: 'SHA256:T0E4F0yteHiHtScvJRWpGhYh7Iuyn0OawBhnv1QZig8',
      line: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINFx7LQImZ/wOozEpMc0yhxEMPhVw/ao3svKckbAOC9D root@ubu',
    },
    rsa: {
      fingerprint: 'SHA256:2i3gozahYOY4cHR72jOK7wJtvX5xCKtz35MFQqA4oiY',
      line: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCoh3iZy8p9Yic+GhTDoUVOgA02Kx/z7VadWjqL1VBblfWg24MACHyEXc+MVds9ypnOkqKSglr0Z1kNQxy4/h8fb3A7XClay/YBODLQkrmnrHGqRdegWXpdURu+RmuE2d064UQnO7kMctLSFG/J7GxF9lfvINuyETa12cYc/H3ybE4htMLOmScHXxdO2Sydpb74o9vDYjN1Dr61io8zA7f1RTvjT0tkZashbywTMrdJEFKnJDF9kR0fs5C5xvKw/v1Ipr06XiJgMPPBwIFZ7JQxMC6w05F3OpOoyxHjJhE+lBENclzG931hVIYkjkSGsX654A5uZSs/ep0g9Y1Qq8B1V4b4yPPFZ/r1pI5wPXmf/VHmOomyT7m0/NAaDC/me+5ZBIiZD5+wck0KtIK9SBmdsHFPSmWQXLqGCTG3gpgLuRDE1hlUTL4tpRv/ZjtG1ljrGHes7W6cGfRh2zkvicAm5o7SgPdq//bJIewonjqUKpMNx3iUfxSHaAc0k0vwahM= root@ubu',
    },
  },
  old: {
    ecdsa: {
      fingerprint: 'SHA256:fMwZjf0uKTr8AeuLit3s7XPdChpTGAU6iPed3jMyZ8A',
      line: 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBBq2lGhEFxOmNxhbvVUWhn0qCpnTRpCv/08IGbMS5wz93sYJ2o1SnSl8dzaVy+FDFD7h5+1f5Rozylf/8+sdIbI= root@old',
    },
    ed25519: {
      fingerprint: 'SHA256:vqAObjqgWtD29o5aeggcGAWVYFcl6qW5UKQJeX7xDBc',
      line: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPZ3mnP1FugY1d9RRuaETpnXy7Y9CuRfmhgZqPH33VXA root@old',
    },
    rsa: {
      fingerprint: 'SHA256:V3hm0Kqpq8PsqR2FArUkiUiC2PhDA1EsYng5obJ4pEo',
      line: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC6Ajs0YAHSAsuUhEqRrvm+CooiKFAFu0IQCpOe1DHXrffttTYq8tM0COAvIt2qYXqV438j8BZK1XiGJWEv3dF4SLtSNwgJe7sSZYh1W4+JA1Gj2mpQ1kaHQEhf1jgb/UfJyQMN1P9oDCdtCROPtjgGs3D+6io3/eeMJgjoD4P74EJ0hNNCFgCXVO6zQaLlKpGQc+/I3fkikfOylSUT5/+w1yO+tH9kzba3jDSXvv1/pRtQoGMtgNBoFXGITWhFx7ZdiOJN+LfJXMNAHTvoFDbaJoaVN2CeXX8i9EsXLqYRPcJ2FahOxwDFxpERBxrmzoPJaEn3uu/awyZmJGttQ6cuJIJGQunVVVhxPyXrVEqxA+j7ldyUMuyMaRQSj/oYVtFSFs/VQFVHEgoB4EQjFp7uRn+Ted3T7RQRGbouWawOV2Y41zz1pCwYpFAfc/LLtk+ldCypd3GVkGcyGotjDV3UuOGQKjje3kb6nE3jsq8GCIMzUecBDyNuddUugzdMlS0= root@old',
    },
  },
  cirros: {
    rsa: {
      fingerprint: 'SHA256:pE3HuPNFUipfgA2fqYu7jmzElteBP0cMJl9n1FSvpuQ',
      line: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDETX48tEL7ps8u4tTH04Gdo43wUEePAa+5CfGSxiRG+47zfJ/pPnolQwa3cuZvBwW/bA66KhVEF3sWv5y11lFcn15b/SeDvYlwdqGfArG5TXeY+wFz10AKGrciTTpUIuTLIjr4mRYtx5c/gs+1BE6Po4XY5+vk2op+PpEV3QI27fSDQYGVMZ0rRfkHabW9hY57BoLNfxLLc0ECdttDCTH3XY1i5a0+yRyjsinfBSrK2p0OQr48lhrgB2EZsBdDyqC48dw+MAvOQCxx7IfDB/lt9ymVk+EsgpUGGzCTALjm1v8+orU/xn0Rv4+iYrPWn6RJiv5YgcJjT+rptV3tqRCP root@cirros',
    },
    ecdsa: {
      fingerprint: 'SHA256:p0sVWUg6MZo68Q0Do8/bSEM/qHEFm2hbxdOibDcfeG8',
      line: 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBLhQT7mZRLU5LG6jwns6Ng9V11WeoyQUyIdwUYKjdVvS54eULvnWXL/q2vASKDyDRuUbABfncj11+ryZ0S3XWoU= root@cirros',
    },
  },
} as const;
