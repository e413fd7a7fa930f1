using System.Globalization;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>Says every few seconds how far long work has come.</summary>
internal sealed class Progress(string command, TextWriter errors, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private readonly long _started = time.GetTimestamp();
    private long _said = time.GetTimestamp();
    private long _rows;

    public async ValueTask AddAsync(int rows)
    {
        _rows += rows;
        if (time.GetElapsedTime(_said) < Pause) return;
        _said = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_started).TotalSeconds;
        await errors.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{command}: {_rows:N0} rows in {seconds:0} s, {_rows / seconds:N0} a second"));
    }
}
