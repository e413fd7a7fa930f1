namespace Aigc2d.TestKit;

/// <summary>Runs a command for as long as the pipe to its standard input is open: a killed test leaves no server behind.</summary>
public static class Lifeline
{
    /// <summary>A bash script; the command and its arguments follow as <c>$0 $1 …</c>. It gets TERM when the pipe ends.</summary>
    public const string Script = """
        exec 3<&0
        "$0" "$@" </dev/null 3<&- & server=$!
        cat <&3 >/dev/null & pipe=$!
        wait -n $server $pipe
        kill -TERM $server 2>/dev/null
        wait $server
        kill $pipe 2>/dev/null
        """;
}
