using Aigc2d.Accounts;

await AccountsApp.Build(args).RunAsync();
