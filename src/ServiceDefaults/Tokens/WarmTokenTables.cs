using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>Reads the encodings' tables in the background when a service starts, so that no request waits for them.</summary>
public sealed class WarmTokenTables(ILogger<WarmTokenTables> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        () =>
        {
            foreach (var encoding in new[] { BytePairEncoding.O200k, BytePairEncoding.Cl100k })
            {
                if (stoppingToken.IsCancellationRequested) return;
                var bytes = encoding.Load();
                encoding.Count("warm");
                logger.LogInformation("Token table {Encoding} is read and takes {Bytes} bytes", encoding.Name, bytes);
            }
        },
        CancellationToken.None);
}
