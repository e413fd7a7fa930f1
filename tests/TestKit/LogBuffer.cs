using System.Diagnostics;
using System.Text;

namespace Aigc2d.TestKit;

/// <summary>The text that a process or service has written so far.</summary>
public sealed class LogBuffer
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    /// <summary>Adds a line.</summary>
    public void Add(string? line)
    {
        if (line is null) return;
        lock (_gate) _text.AppendLine(line);
    }

    /// <summary>The last lines, for the message of a failed test.</summary>
    public string Tail(int lines) => string.Join('\n', ToString().Split('\n').TakeLast(lines + 1));

    public override string ToString()
    {
        lock (_gate) return _text.ToString();
    }

    /// <summary>Takes the output of a process that was started with both streams redirected.</summary>
    public void Follow(Process process)
    {
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }
}
