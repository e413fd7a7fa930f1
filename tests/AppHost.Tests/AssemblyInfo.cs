using System.Runtime.Versioning;

// File modes, signals and process groups are what is tested here.
[assembly: UnsupportedOSPlatform("windows")]
