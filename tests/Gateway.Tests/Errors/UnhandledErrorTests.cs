using System.Text;
using Aigc2d.Gateway.Edges;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aigc2d.Gateway.Tests.Errors;

public sealed class UnhandledErrorTests
{
    [Theory]
    [InlineData("/v1/chat/completions", "application/json", """{"error":{"message":"Something went wrong on our side; nothing was charged.","type":"server_error","param":null,"code":null}}""")]
    [InlineData("/api/account", "application/problem+json", """{"type":"https://aigc2d.example/problems/internal","title":"Internal error","status":500,"detail":"Something went wrong on our side."}""")]
    public async Task A_bug_is_500_in_the_dialect_of_the_path_and_says_nothing_of_itself(string path, string contentType, string body)
    {
        var logs = new LogBuffer();
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services, TraceIdentifier = "the-request" };
        context.Request.Path = path;
        using var answer = new MemoryStream();
        context.Response.Body = answer;

        Assert.True(await new UnhandledErrors(new Log(logs)).TryHandleAsync(context, new InvalidOperationException("secret detail"), CancellationToken.None));
        Assert.Equal((500, contentType, body), (context.Response.StatusCode, context.Response.ContentType?.Split(';')[0], Encoding.UTF8.GetString(answer.ToArray())));
        Assert.StartsWith("Request the-request failed System.InvalidOperationException: secret detail", logs.ToString(), StringComparison.Ordinal);
    }

    private sealed class Log(LogBuffer logs) : ILogger<UnhandledErrors>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Add($"{formatter(state, exception)} {exception}");
    }
}
