import type { AnyAction } from './action.ts';
import { deleteImage, editImage } from './image/image.ts';
import { createKeyPair, deleteKeyPair, importKeyPair } from './key-pair/key-pair.ts';
import {
  allocateFloatingIp,
  associateFloatingIp,
  disassociateFloatingIp,
  editFloatingIp,
  releaseFloatingIp,
} from './network/floating-ip.ts';
import { createNetwork, deleteNetwork, editNetwork } from './network/network.ts';
import { createPort, deletePort, editPort } from './network/port.ts';
import { createRouter, deleteRouter, editRouter } from './network/router.ts';
import { clearRouterGateway, setRouterGateway } from './network/router-gateway.ts';
import { addRouterInterface, removeRouterInterface } from './network/router-interfaces.ts';
import { createSubnet, deleteSubnet, editSubnet } from './network/subnet.ts';
import { createSecurityGroup, deleteSecurityGroup, editSecurityGroup } from './security-group/group.ts';
import { addSecurityGroupRule, removeSecurityGroupRule } from './security-group/rules.ts';
import { createServerGroup, deleteServerGroup } from './server-group/server-group.ts';
import { createVolumeFromSnapshot, deleteSnapshot, editSnapshot } from './snapshot/snapshot.ts';
import { attachVolume, detachVolume } from './volume/attach.ts';
import { restoreVolume, snapshotVolume, uploadVolumeToImage } from './volume/contents.ts';
import { createVolume } from './volume/create.ts';
import { editVolume, setVolumeBootable, setVolumeReadOnly } from './volume/edit.ts';
import { deleteVolume } from './volume/remove.ts';
import { extendVolume, retypeVolume } from './volume/size-and-type.ts';

/** The actions on everything but instances, in the order people read them. */
export const otherActions: readonly AnyAction[] = [
  createVolume,
  editVolume,
  attachVolume,
  detachVolume,
  extendVolume,
  retypeVolume,
  setVolumeBootable,
  setVolumeReadOnly,
  snapshotVolume,
  restoreVolume,
  uploadVolumeToImage,
  deleteVolume,
  editSnapshot,
  createVolumeFromSnapshot,
  deleteSnapshot,
  editImage,
  deleteImage,
  createNetwork,
  editNetwork,
  deleteNetwork,
  createSubnet,
  editSubnet,
  deleteSubnet,
  createRouter,
  editRouter,
  addRouterInterface,
  removeRouterInterface,
  setRouterGateway,
  clearRouterGateway,
  deleteRouter,
  createPort,
  editPort,
  deletePort,
  allocateFloatingIp,
  editFloatingIp,
  associateFloatingIp,
  disassociateFloatingIp,
  releaseFloatingIp,
  createSecurityGroup,
  editSecurityGroup,
  addSecurityGroupRule,
  removeSecurityGroupRule,
  deleteSecurityGroup,
  createKeyPair,
  importKeyPair,
  deleteKeyPair,
  createServerGroup,
  deleteServerGroup,
];
