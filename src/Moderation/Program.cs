using Aigc2d.Moderation;

if (FileCommands.Find(args) is { } command) return await command(args[1..], Console.Out, Console.Error);

await ModerationApp.Build(args).RunAsync();
return 0;
