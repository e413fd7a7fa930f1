using System.Collections;

var app = WebApplication.Create(args);
app.MapGet("/health", () => Results.Ok());
app.MapGet("/environment", () => Results.Json(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value)));
app.MapGet("/folder", () => Environment.CurrentDirectory);
await app.RunAsync();
