-- Echoes messages. Its limit is far above what any scenario sends.
local server = require "nginx.websocket.server"

local offered = ngx.var.http_sec_websocket_protocol
if offered then
    ngx.req.clear_header("Sec-WebSocket-Protocol") -- else the library echoes the whole field
    for name in offered:gmatch("[^,%s]+") do
        if name == "echo" then
            ngx.req.set_header("Sec-WebSocket-Protocol", "echo")
        end
    end
end
local connection = server:new { timeout = 300000, max_payload_len = 134217728 }
if not connection then
    return ngx.exit(400)
end

local parts, kind = {}, nil
while true do
    local data, frame, more = connection:recv_frame()
    if not data then
        if connection.fatal or not frame then
            return
        end
    elseif frame == "close" then
        connection:send_close(more, more and data)
        return
    elseif frame == "ping" then
        connection:send_pong(data)
    elseif frame ~= "pong" then
        if frame ~= "continuation" then
            parts, kind = {}, frame
        end
        parts[#parts + 1] = data
        if more ~= "again" then
            local message = table.concat(parts)
            parts = {}
            if kind == "text" then
                connection:send_text(message)
            else
                connection:send_binary(message)
            end
        end
    end
end
