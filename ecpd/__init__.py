"""ECPD: a case-management app in which policy is enforced by code."""
