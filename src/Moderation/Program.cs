using Aigc2d.Moderation;

await ModerationApp.Build(args).RunAsync();
