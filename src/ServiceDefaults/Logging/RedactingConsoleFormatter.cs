using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Aigc2d.ServiceDefaults.Logging;

/// <summary>One line per event, without secrets: <c>12:00:00.000Z info Aigc2d.Billing.Holds message</c>.</summary>
internal sealed class RedactingConsoleFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "aigc2d";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(time.GetUtcNow().ToString("HH:mm:ss.fff'Z'", null));
        textWriter.Write(LevelOf(logEntry.LogLevel));
        textWriter.Write(logEntry.Category);
        textWriter.Write(' ');
        textWriter.Write(Secrets.Redact(message));
        if (logEntry.Exception is not null)
        {
            textWriter.WriteLine();
            textWriter.Write(Secrets.Redact(logEntry.Exception.ToString()));
        }

        textWriter.WriteLine();
    }

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => " trce ",
        LogLevel.Debug => " dbug ",
        LogLevel.Information => " info ",
        LogLevel.Warning => " warn ",
        LogLevel.Error => " fail ",
        _ => " crit ",
    };
}
