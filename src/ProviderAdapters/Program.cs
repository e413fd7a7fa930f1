using Aigc2d.ProviderAdapters;

await ProviderAdaptersApp.Build(args).RunAsync();
