using Aigc2d.Gateway;

await GatewayApp.Build(args).RunAsync();
