using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aigc2d.TestKit;

/// <summary>A service of the suite in this process: its own composition, real Kestrel on a free port, its log kept.</summary>
public sealed class ServiceUnderTest : IAsyncDisposable
{
    /// <summary>The secret that services under test share.</summary>
    public const string InternalSecret = "dGVzdC1pbnRlcm5hbC1rZXktMzItYnl0ZXMtbG9uZyEhIQ==";

    private readonly WebApplication _app;

    private ServiceUnderTest(WebApplication app, LogBuffer logs)
    {
        _app = app;
        Logs = logs;
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = BaseAddress, DefaultRequestHeaders = { { CallHeaders.Internal, new InternalKey(InternalSecret, "test").HeaderValue } } };
    }

    public Uri BaseAddress { get; }

    /// <summary>A client that sends the internal header.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Everything the service has logged, at every level.</summary>
    public LogBuffer Logs { get; }

    /// <summary>Builds and starts a service.</summary>
    /// <param name="build">The service's own composition.</param>
    /// <param name="settings">Its configuration.</param>
    /// <param name="configure">Replaces parts, for example the clock.</param>
    /// <param name="urls">Where it listens; a free loopback port by default.</param>
    public static async Task<ServiceUnderTest> StartAsync(
        Func<string[], Action<WebApplicationBuilder>?, WebApplication> build,
        IReadOnlyDictionary<string, string?> settings,
        Action<WebApplicationBuilder>? configure = null,
        string urls = "http://127.0.0.1:0")
    {
        var logs = new LogBuffer();
        string[] args = ["--urls", urls, "--InternalAuth:Key", InternalSecret, .. settings.Where(s => s.Value is not null).SelectMany(s => new[] { $"--{s.Key}", s.Value! })];
        var app = build(args, builder =>
        {
            // As in development: what cannot be constructed stops the start, also where nothing of the test asks for it.
            builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = services.ValidateScopes = true);
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(new BufferLoggerProvider(logs));
            configure?.Invoke(builder);
        });
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new(app, logs);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private sealed class BufferLoggerProvider(LogBuffer logs) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new BufferLogger(categoryName, logs);

        public void Dispose()
        {
        }
    }

    private sealed class BufferLogger(string category, LogBuffer logs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Add($"{logLevel} {category} {formatter(state, exception)} {exception}");
    }
}
