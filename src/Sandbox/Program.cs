using Aigc2d.Sandbox;

await SandboxApp.Build(args).RunAsync();
